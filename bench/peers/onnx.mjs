/** ONNX models of the cases, as bytes: one node, or the two-layer CNN and the MLP. */
import { create, toBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType as Attribute, ModelProtoSchema, TensorProto_DataType as DataType } from 'onnx-buf';

const VERSION = 8n;
const OPSET = 17n;

const valueInfo = (name, shape) => ({
  name,
  type: { value: { case: 'tensorType', value: { elemType: DataType.FLOAT, shape: { dim: shape.map((size) => ({ value: { case: 'dimValue', value: BigInt(size) } })) } } } },
});
const attribute = (name, value) => (Array.isArray(value)
  ? { name, type: Attribute.INTS, ints: value.map(BigInt) }
  : { name, type: Attribute.INT, i: BigInt(value) });
const node = (opType, input, output, attributes = {}) => ({
  opType, name: output, input, output: [output], attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
});
const initializer = (name, { shape, data }) => ({
  name, dims: shape.map(BigInt), dataType: DataType.FLOAT, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

/** `inputs` and `output` by name and shape; `weights` by name. The output is called 'y'. */
function bytes(inputs, outputShape, nodes, weights) {
  const model = create(ModelProtoSchema, {
    irVersion: VERSION, opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'case', node: nodes, input: Object.entries(inputs).map(([name, shape]) => valueInfo(name, shape)), output: [valueInfo('y', outputShape)],
      initializer: Object.entries(weights).map(([name, weight]) => initializer(name, weight)),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

const convolution = ([, groups, , , , , , , kh, kw, , , , , sh, sw, , ph, pw, , dh, dw]) =>
  ({ kernel_shape: [kh, kw], strides: [sh, sw], pads: [ph, pw, ph, pw], dilations: [dh, dw], group: groups });

/** A convolution, whose weights are constant, or a product of two inputs. */
export function singleModel({ op, inputs, numbers }) {
  if (op === 'matmul') {
    const [, m, n, k] = numbers;
    return { model: bytes({ a: [m, k], b: [k, n] }, [m, n], [node('MatMul', ['a', 'b'], 'y')], {}), feeds: { a: [inputs[0], [m, k]], b: [inputs[1], [k, n]] } };
  }
  const [n, groups, cin, cout, , h, w, , kh, kw, , oh, ow] = numbers;
  const weights = { w: { shape: [cout, cin / groups, kh, kw], data: inputs[1] } };
  return {
    model: bytes({ a: [n, cin, h, w] }, [n, cout, oh, ow], [node('Conv', ['a', 'w'], 'y', convolution(numbers))], weights),
    feeds: { a: [inputs[0], [n, cin, h, w]] },
  };
}

const five = { kernel_shape: [5, 5], pads: [2, 2, 2, 2] };
const half = { kernel_shape: [2, 2], strides: [2, 2] };
const NODES = {
  cnn2: [
    node('Conv', ['a', '0.weight', '0.bias'], 'c1', five), node('Relu', ['c1'], 'r1'), node('MaxPool', ['r1'], 'p1', half),
    node('Conv', ['p1', '3.weight', '3.bias'], 'c2', five), node('Relu', ['c2'], 'r2'), node('MaxPool', ['r2'], 'p2', half),
    node('Flatten', ['p2'], 'f'), node('Gemm', ['f', '7.weight', '7.bias'], 'y', { transB: 1 }),
  ],
  mlp: [
    node('Flatten', ['a'], 'f'), node('Gemm', ['f', '1.weight', '1.bias'], 'h', { transB: 1 }), node('Relu', ['h'], 'r'),
    node('Gemm', ['r', '3.weight', '3.bias'], 'y', { transB: 1 }),
  ],
};

export const networkModel = (name, weights, size) => bytes({ a: [size, 1, 28, 28] }, [size, 10], NODES[name], weights);
