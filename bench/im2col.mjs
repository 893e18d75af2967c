/**
 * Convolution the textbook way, composed of a backend's own ops: windows of the (padded) image as the columns of a matrix, and one
 * matrix product. The input gradient adds columns back into the image, the weight gradient is one product over all images.
 * A stand-in for the backend in verify.mjs; it serves the three ops of a convolution and nothing else. Columns are strided copies on
 * purpose: src/autograd/ops/windows.ts gathers them by index, which serves every backend but is not what this strategy can do at its best.
 */
import { numel, stridesOf } from '../dist/src/shape/index.js';

const OPS = ['conv', 'convGradInput', 'convGradWeight'];

/** What the geometry's numbers mean here. `plane`: sizes of the image with its padding, as far as windows reach. */
function read([n, groups, cin, cout, ...rest]) {
  const [image, kernel, output, stride, pad, dilation] = [0, 3, 6, 9, 12, 15].map((at) => rest.slice(at, at + 3));
  const plane = image.map((size, i) => Math.max(size + pad[i], (output[i] - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1));
  return { n, groups, cin, cout, image, kernel, output, stride, pad, dilation, plane, pixels: numel(output), k: (cin / groups) * numel(kernel) };
}

/** Neither padding nor windows: the image is the matrix already. */
const isPlain = ({ image, plane, kernel, stride }) => numel(kernel) === 1 && numel(stride) === 1 && image.every((size, i) => size === plane[i]);

export function im2col(backend) {
  const { memory } = backend;
  const run = (op, args) => backend.run(op, 'float32', args);
  const copy = (x, y, shape, xStrides, yStrides, [xOffset, yOffset] = [0, 0]) => run('stridedCopy', [x, y, xOffset, yOffset, shape.length, ...shape, ...xStrides, ...yStrides]);
  /** Runs `use` with so many elements of scratch memory each. */
  const withScratch = (sizes, use) => {
    const ptrs = sizes.map((size) => memory.alloc(4 * size));
    use(...ptrs);
    for (const ptr of ptrs) memory.free(ptr);
  };

  /** The image of every plane within its padding, `lead` planes; back: cut out of it. */
  const paddedStrides = ({ plane }) => [numel(plane), ...stridesOf(plane)];
  const inset = ({ pad, plane }) => stridesOf(plane).reduce((sum, stride, i) => sum + stride * pad[i], 0);
  const padInto = (x, y, lead, the) => {
    run('fill', [y, lead * numel(the.plane), 0]);
    copy(x, y, [lead, ...the.image], [numel(the.image), ...stridesOf(the.image)], paddedStrides(the), [0, inset(the)]);
  };
  const cropFrom = (y, x, lead, the) => copy(y, x, [lead, ...the.image], paddedStrides(the), [numel(the.image), ...stridesOf(the.image)], [inset(the), 0]);
  /** x [n, cin, image] as columns, [n, cin, kernel, output]; with `imagesLast` as [cin, kernel, n, output]. */
  const columns = (x, cols, the, imagesLast) => withScratch([the.n * the.cin * numel(the.plane)], (padded) => {
    const { n, cin, kernel, output, plane, stride, dilation } = the;
    padInto(x, padded, n * cin, the);
    const steps = stridesOf(plane);
    const axes = {
      image: [[n], [cin * numel(plane)]], channel: [[cin], [numel(plane)]],
      tap: [kernel, steps.map((step, i) => step * dilation[i])], place: [output, steps.map((step, i) => step * stride[i])],
    };
    const order = imagesLast ? ['channel', 'tap', 'image', 'place'] : ['image', 'channel', 'tap', 'place'];
    const shape = order.flatMap((name) => axes[name][0]);
    copy(padded, cols, shape, order.flatMap((name) => axes[name][1]), stridesOf(shape));
  });

  function conv([x, w, , y, ...geometry]) {
    const the = read(geometry);
    const { n, groups, cin, cout, pixels, k } = the;
    const m = cout / groups;
    const multiply = (cols) => {
      const strides = [k, 1, k * pixels, pixels, 1];
      if (groups === 1) return run('matmul', [w, cols, 0, y, n, m, pixels, k, 0, ...strides]);
      for (let image = 0; image < n; image++) {
        run('matmul', [w, cols + 4 * image * groups * k * pixels, 0, y + 4 * image * cout * pixels, groups, m, pixels, k, m * k, ...strides]);
      }
    };
    if (isPlain(the)) multiply(x);
    else withScratch([n * cin * numel(the.kernel) * pixels], (cols) => {
      columns(x, cols, the, false);
      multiply(cols);
    });
  }

  /** Where each element of a plane's columns belongs in the padded plane: made once for each geometry, freed by `release`. */
  const indices = new Map();
  const indexOf = (key, { kernel, output, stride, dilation, plane }) => {
    if (!indices.has(key)) {
      const grid = (sizes, steps) => sizes.reduce((list, size, i) => list.flatMap((base) => Array.from({ length: size }, (_, at) => base + at * steps[i])), [0]);
      const steps = stridesOf(plane);
      const places = grid(output, steps.map((step, i) => step * stride[i]));
      const index = Int32Array.from(grid(kernel, steps.map((step, i) => step * dilation[i])).flatMap((tap) => places.map((place) => tap + place)));
      const ptr = memory.alloc(index.byteLength);
      memory.write(ptr, index);
      indices.set(key, { ptr, length: index.length });
    }
    return indices.get(key);
  };

  function convGradInput([g, w, , gx, ...geometry]) {
    const the = read(geometry);
    const { n, groups, cin, cout, pixels, k } = the;
    const m = cout / groups;
    const multiply = (cols) => {
      const strides = [1, k, m * pixels, pixels, 1];
      if (groups === 1) return run('matmul', [w, g, 0, cols, n, k, pixels, m, 0, ...strides]);
      for (let image = 0; image < n; image++) {
        run('matmul', [w, g + 4 * image * cout * pixels, 0, cols + 4 * image * groups * k * pixels, groups, k, pixels, m, m * k, ...strides]);
      }
    };
    if (isPlain(the)) return multiply(gx);
    const { ptr, length } = indexOf(geometry.join(), the);
    withScratch([n * cin * length, n * cin * numel(the.plane)], (cols, padded) => {
      multiply(cols);
      run('scatterAdd', [cols, ptr, padded, n * cin, length, numel(the.plane), 1]);
      cropFrom(padded, gx, n * cin, the);
    });
  }

  function convGradWeight([x, g, gw, ...geometry]) {
    const the = read(geometry);
    const { n, groups, cout, pixels, k } = the;
    const m = cout / groups;
    const all = n * pixels;
    withScratch([cout * all, groups * k * all], (rows, cols) => {
      copy(g, rows, [cout, n, pixels], [pixels, cout * pixels, 1], [all, pixels, 1]);
      columns(x, cols, the, true);
      run('matmul', [rows, cols, 0, gw, groups, m, k, all, m * all, all, 1, k * all, 1, all]);
    });
  }

  const kernels = { conv, convGradInput, convGradWeight };
  return {
    memory,
    has: (op) => OPS.includes(op),
    run: (op, _dtype, args) => kernels[op](args),
    placement() {
      return backend.placement().filter(({ op }) => op === 'matmul').flatMap((line) => OPS.map((op) => ({ ...line, op, kernel: `im2col, ${line.kernel}` })));
    },
    /** Frees what was kept between runs. */
    release() {
      for (const { ptr } of indices.values()) memory.free(ptr);
      indices.clear();
    },
  };
}
