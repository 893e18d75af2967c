/** Wrong calls of data sets, loaders and files of weights. */
import { DataLoader, digits, parseSafetensors, TensorDataset } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function data({ nn, other }: Place): Family {
  const set = (): TensorDataset => new TensorDataset(nn.ones(4, 2), nn.tensor(Int32Array.of(0, 1, 0, 1)));
  return {
    name: 'data',
    kinds: ['shape', 'option', 'value', 'type', 'mixed', 'disposed'],
    cases: [
      wrong('shape', 'tensors of different lengths', () => new TensorDataset(nn.ones(4, 2), nn.ones(3)), 'CVY_SHAPE_MISMATCH', /^TensorDataset: tensor 1 has 3 examples but tensor 0 has 4/),
      wrong('shape', 'weights of another model', () => nn.Linear(2, 2).loadStateDict(nn.Linear(3, 2).stateDict()), 'CVY_DATA_MISMATCH', /^loadStateDict: .*weight is \[2, 3\] but must be \[2, 2\]/),
      wrong('option', 'an unknown option', () => new DataLoader(set(), { batch: 2 } as never), 'CVY_ARG_OPTION', /^DataLoader: option 'batch' is unknown/),
      wrong('option', 'an unknown option of digits', () => digits({ number: 3 } as never), 'CVY_ARG_OPTION', /^digits: option 'number' is unknown/),
      wrong('value', 'a batch of nothing', () => new DataLoader(set(), { batchSize: 0 }), 'CVY_ARG_VALUE', /^DataLoader: batchSize is 0/),
      wrong('value', 'a file that is none', () => parseSafetensors(new Uint8Array(3), 'a.safetensors'), 'CVY_DATA_FORMAT', /^parseSafetensors: a\.safetensors: 3 bytes are there but 8 of header length are required/),
      wrong('type', 'arrays for tensors', () => new TensorDataset([[1]] as never), 'CVY_ARG_TYPE', /^TensorDataset: /),
      wrong('type', 'a loader of nothing', () => new DataLoader(null as never), 'CVY_ARG_TYPE', /^DataLoader: /),
      wrong('mixed', 'a batch into a model of another convoy', () => {
        for (const [x] of new DataLoader(set(), { batchSize: 2 })) other.Linear(2, 1).forward(x);
      }, 'CVY_BACKEND_MIXED', /^linear: its tensors live in different convoys or devices .*; in layer Linear/),
      wrong('disposed', 'a batch after the loop moved on', () => {
        let first: ReturnType<typeof nn.ones> | undefined;
        for (const [x] of new DataLoader(set(), { batchSize: 2 })) {
          if (first !== undefined) return first.sum().item();
          first = x;
        }
        return null;
      }, 'CVY_MEMORY_DISPOSED', /was disposed but is used; keep\(\) spares a tensor from scopes and from the DataLoader/),
    ],
  };
}
