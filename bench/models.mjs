/** The models that train.mjs and peers.mjs time, all on images of 28×28 pixels in ten classes. */
import { digits, Module, TUTORIAL_MODELS, tutorialModel } from '../dist/src/index.js';

/** conv, norm, ReLU, conv, norm; the input is added, through a 1×1 convolution where shapes change. */
class Residual extends Module {
  constructor(nn, cin, cout, stride) {
    super();
    const conv = (from, kernel, step) => nn.Conv2d(from, cout, kernel, { stride: step, padding: (kernel - 1) / 2, bias: false });
    this.body = nn.Sequential(conv(cin, 3, stride), nn.BatchNorm2d(cout), nn.ReLU(), conv(cout, 3, 1), nn.BatchNorm2d(cout));
    this.shortcut = cin === cout && stride === 1 ? nn.Identity() : nn.Sequential(conv(cin, 1, stride), nn.BatchNorm2d(cout));
    this.relu = nn.ReLU();
  }

  forward(x) {
    return this.relu.forward(this.body.forward(x).add(this.shortcut.forward(x)));
  }
}

const tutorial = (name) => ({ title: TUTORIAL_MODELS[name].title, build: (nn) => tutorialModel(nn, name) });

/** Name → title and `build(nn)`. */
export const MODELS = {
  cnn2: tutorial('cnn2'),
  lenet: {
    title: 'LeNet-5, ReLU and maximum pooling',
    build: (nn) => nn.Sequential(
      nn.Conv2d(1, 6, 5, { padding: 2 }), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
      nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    ),
  },
  mlp: tutorial('mlp'),
  resnet8: {
    title: 'ResNet-8 for small images (He et al. 2015, n = 1)',
    build: (nn) => nn.Sequential(
      nn.Conv2d(1, 16, 3, { padding: 1, bias: false }), nn.BatchNorm2d(16), nn.ReLU(),
      new Residual(nn, 16, 16, 1), new Residual(nn, 16, 32, 2), new Residual(nn, 32, 64, 2), nn.AvgPool2d(7), nn.Flatten(), nn.Linear(64, 10),
    ),
  },
};

/** `count` batches of `size` digits: pixels from 0 to 1, and labels. */
export function batches(count, size) {
  const { images, labels } = digits({ split: 'train', count: size * count });
  const pixels = Float32Array.from(images, (grey) => grey / 255);
  return Array.from({ length: count }, (_, b) => ({
    pixels: pixels.slice(b * size * 784, (b + 1) * size * 784), labels: Int32Array.from(labels.slice(b * size, (b + 1) * size)),
  }));
}
