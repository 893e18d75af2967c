"""PyTorch as a child of peers.mjs: the same requests and answers as child.mjs, one JSON object a line."""
import base64
import json
import re
import sys
import time

answers = sys.stdout
sys.stdout = sys.stderr


def answer(value):
    answers.write(json.dumps(value) + '\n')
    answers.flush()


try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as error:
    answer({'missing': f'{sys.executable} cannot import torch: {error}'})
    sys.exit(0)

argument = json.loads(sys.argv[1])
torch.set_num_threads(argument['threads'])


def floats(value):
    return torch.from_numpy(np.frombuffer(base64.b64decode(value['$float32']), dtype=np.float32).copy())


def encoded(tensor):
    return {'$float32': base64.b64encode(tensor.detach().contiguous().numpy().astype(np.float32).tobytes()).decode()}


def single(problem):
    a, b = (floats(value) for value in problem['inputs'])
    numbers = problem['numbers']
    if problem['op'] == 'matmul':
        _, m, n, k = numbers[:4]
        x, y = a.reshape(m, k), b.reshape(k, n)
        return lambda: x @ y
    n, groups, cin, cout, _, h, w, _, kh, kw, _, _, _, _, sh, sw, _, ph, pw, _, dh, dw = numbers
    x, weight = a.reshape(n, cin, h, w), b.reshape(cout, cin // groups, kh, kw)
    return lambda: F.conv2d(x, weight, None, (sh, sw), (ph, pw), (dh, dw), groups)


MODELS = {
    'cnn2': lambda nn: nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 10)),
    'mlp': lambda nn: nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)),
}


def network(problem):
    model = MODELS[problem['model']](torch.nn)
    model.load_state_dict({key: floats(w['data']).reshape(w['shape']) for key, w in problem['weights'].items()})
    data = [(floats(b['pixels']).reshape(-1, 1, 28, 28), torch.tensor(b['labels'])) for b in problem['batches']]
    optimizer = torch.optim.SGD(model.parameters(), lr=argument['rate'])
    at = 0

    def following():
        nonlocal at
        at += 1
        return data[(at - 1) % len(data)]

    def train():
        x, y = following()
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def infer():
        with torch.no_grad():
            return model(following()[0])

    return train if problem['op'] == 'train' else infer


held = None


def opened(request):
    global held
    problem = request['problem']
    if problem['op'] == 'train':
        held = network(problem)
        return {'outputs': [encoded(torch.stack([held().detach() for _ in range(problem['steps'])]))]}
    held = network(problem) if problem['op'] == 'infer' else single(problem)
    return {'outputs': [encoded(held())]}


def sample(request):
    samples = []
    begun = time.perf_counter()
    while not samples or (time.perf_counter() - begun) * 1000 < request['ms']:
        start = time.perf_counter()
        held()
        samples.append((time.perf_counter() - start) * 1000)
    return {'samples': samples}


def close(_request):
    global held
    held = None
    return {}


def blas():
    """The library that serves matrix products, by its folder and name: Debian's reference BLAS is forty times slower than OpenBLAS."""
    torch.ones(2, 2) @ torch.ones(2, 2)
    with open('/proc/self/maps', encoding='utf8') as maps:
        paths = sorted({line.split()[-1] for line in maps if re.search(r'(blas|mkl_rt|mkl_core)[^/]*\.so', line)})
    return ', '.join('/'.join(path.split('/')[-2:]) for path in paths) or 'built in'


answer({'ready': {'version': f'{torch.__version__} with BLAS {blas()}'}})
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer({'open': opened, 'sample': sample, 'close': close}[request['ask']](request))
    except Exception as error:  # the parent reports it
        answer({'failed': str(error)})
