/**
 * Classes without a constructor of their own, built by inversify through their base class's: its @inject's hold for them too. Without this
 * inversify passes such a class nothing. A base class with a constructor has @inject on its parameters; one without has this decorator.
 */
import { injectable, injectFromBase } from 'inversify';

export const injectedAsBase: ClassDecorator = (type) => {
  injectFromBase({ extendConstructorArguments: true })(type);
  injectable()(type);
};
