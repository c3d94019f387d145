-- Neovim knows `*.jsonl` and has no type for `*.ndjson`, which is the same format.

vim.filetype.add({ extension = { jsonl = 'jsonl', ndjson = 'jsonl' } })

-- A plugin that highlights by tree-sitter finds the parser of JSON for it.
vim.treesitter.language.register('json', 'jsonl')
