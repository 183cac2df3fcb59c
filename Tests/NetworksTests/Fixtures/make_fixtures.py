"""Writes the files of this folder. Made with Python 3.11, torch 2.13.0, safetensors 0.8.0, numpy 2.4.6.

Element i of a tensor named n is (i + len(n)) % 17 / 8 - 1, which every format here holds exactly.
"""
import collections, os, sys, warnings
import numpy as np, torch
from safetensors.numpy import save_file

here = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
def path(name): return os.path.join(here, name)
def array(name, *shape, dtype=np.float32):
    count = int(np.prod(shape))
    return ((np.arange(count) + len(name)) % 17 / 8 - 1).astype(np.float32).reshape(shape).astype(dtype)
def tensors(shapes): return collections.OrderedDict((n, array(n, *s)) for n, s in shapes.items())
def torch_of(d): return collections.OrderedDict((n, torch.from_numpy(np.array(a))) for n, a in d.items())

# vocabulary 7, outputs 6, context 3, width 4, heads 2, head width 3, hidden 5
standard = {
    'embed.W_E': (7, 4), 'pos_embed.W_pos': (3, 4),
    'blocks.0.attn.W_Q': (2, 4, 3), 'blocks.0.attn.W_K': (2, 4, 3), 'blocks.0.attn.W_V': (2, 4, 3),
    'blocks.0.attn.W_O': (2, 3, 4),
    'blocks.0.mlp.W_in': (4, 5), 'blocks.0.mlp.b_in': (5,), 'blocks.0.mlp.W_out': (5, 4), 'blocks.0.mlp.b_out': (4,),
    'unembed.W_U': (4, 6),
}
def older(d):
    """The transposed convention of the published grokking code."""
    o = collections.OrderedDict()
    for n, a in d.items():
        if n.endswith(('W_E', 'W_in', 'W_out')): a = a.T
        elif n.endswith(('W_Q', 'W_K', 'W_V')): a = a.transpose(0, 2, 1)
        elif n.endswith('W_O'): a = a.reshape(-1, a.shape[-1]).T
        o[n] = np.ascontiguousarray(a)
    o['blocks.0.attn.mask'] = np.tril(np.ones((3, 3), np.float32))
    return o

plain = tensors(standard)
save_file(plain, path('transformer.safetensors'))
save_file(older(plain), path('transposed.safetensors'), metadata={'format': 'np'})
# As TransformerLens saves it: zero biases, masks, and -inf behind the mask.
lens = torch_of(plain)
for n in ('b_Q', 'b_K', 'b_V'): lens[f'blocks.0.attn.{n}'] = torch.zeros(2, 3)
lens['blocks.0.attn.b_O'] = torch.zeros(4)
lens['blocks.0.attn.mask'] = torch.tril(torch.ones(3, 3)).bool()
lens['blocks.0.attn.IGNORE'] = torch.tensor(-torch.inf)
lens['unembed.b_U'] = torch.zeros(6)
torch.save(lens, path('lens.pt'))
# As the published checkpoints are: the state dict beside optimiser state and figures.
torch.save({
    'model': torch_of(older(plain)), 'optimizer': {'state': {0: {'step': torch.tensor(3.0), 'exp_avg': torch.zeros(2)}}},
    'train_losses': [4.5, 0.25], 'epoch': 4999, 'none': None, 'yes': True, 'betas': (0.9, 0.98), 'big': 10 ** 30,
    'config': {'p': 113, 'fn_name': 'add', 'lr': 0.001, 'dtype': torch.float32},
}, path('published.pth'))
half = collections.OrderedDict((n, a * 2) for n, a in torch_of(plain).items())
torch.save({'state_dicts': [torch_of(plain), half], 'epochs': [0, 100]}, path('series.pth'))

# Element types, in both formats.
types = {
    'F64': np.float64, 'F32': np.float32, 'F16': np.float16, 'I64': np.int64, 'I32': np.int32, 'I16': np.int16,
    'I8': np.int8, 'U8': np.uint8, 'U16': np.uint16, 'U32': np.uint32, 'U64': np.uint64, 'BOOL': np.bool_,
}
def whole(name, dtype):
    a = np.arange(6).reshape(2, 3)
    if dtype in (np.float64, np.float32, np.float16): return array(name, 2, 3, dtype=dtype)
    return a.astype(dtype) if dtype != np.bool_ else (a % 2 == 1)
typed = {n: whole(n, t) for n, t in types.items()}
typed['scalar'] = np.array(2.5, np.float32)
typed['empty'] = np.zeros((0, 3), np.float32)
save_file(typed, path('types.safetensors'))
stored = collections.OrderedDict((n, torch.from_numpy(np.array(a))) for n, a in typed.items() if n not in ('U16', 'U32', 'U64'))
stored['BF16'] = torch.from_numpy(array('BF16', 2, 3)).bfloat16()
torch.save(stored, path('types.pt'))
# Views: transposed, sliced, shared, a parameter.
base = torch.from_numpy(array('base', 4, 6))
linear = torch.nn.Linear(3, 2)
with torch.no_grad():
    linear.weight.copy_(torch.from_numpy(array('weight', 2, 3)))
    linear.bias.copy_(torch.from_numpy(array('bias', 2)))
torch.save({
    'base': base, 'transposed': base.t(), 'slice': base[1:3, ::2], 'permuted': base.reshape(2, 2, 6).permute(2, 0, 1),
    'weight': linear.weight, 'bias': linear.bias,
}, path('views.pt'))
torch.save({'a': base, 'b': torch.zeros(2)}, path('protocol4.pt'), pickle_protocol=4)

# What has to be refused.
class Config: pass
Config.__module__ = 'transformers'
sys.modules['transformers'] = type(sys)('transformers'); sys.modules['transformers'].Config = Config
torch.save({'model': {'w': torch.zeros(1)}, 'config': Config(), 'when': np.float64(1.5)}, path('object.pt'))
torch.save({'w': torch.zeros(2)}, path('legacy.pt'), _use_new_zipfile_serialization=False)
torch.save({'w': torch.tensor(1.0).expand(1000)}, path('expanded.pt'))
torch.save({'w': torch.tensor([[1.0, 2.0], [float('nan'), float('inf')]]), 'v': torch.tensor([1e300], dtype=torch.float64)}, path('nan.pt'))
torch.save([1, 2.5, 'x'], path('no-tensors.pt'))
torch.save({'z': torch.zeros(2, dtype=torch.complex64)}, path('complex.pt'))
with warnings.catch_warnings():
    warnings.simplefilter('ignore')
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), path('script.pt'))

# Other networks, under the names of this library.
save_file(tensors({'embed.W_E': (7, 4), 'mlp.W_in': (4, 5), 'unembed.W_U': (5, 7)}), path('mlp.safetensors'))
save_file(tensors({
    'embed.W_E': (3, 4), 'rnn.weight_ih': (20, 4), 'rnn.weight_hh': (20, 5), 'rnn.bias_ih': (20,), 'rnn.bias_hh': (20,),
    'unembed.W_U': (5, 2), 'unembed.b_U': (2,)}), path('lstm.safetensors'))
