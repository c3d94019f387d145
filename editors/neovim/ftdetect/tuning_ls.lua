-- Neovim has a type for `*.jsonl`, but none for `*.ndjson`, which is the same format.

vim.filetype.add({ extension = { jsonl = 'jsonl', ndjson = 'jsonl' } })

-- Plugins that highlight with tree-sitter use the JSON parser.
vim.treesitter.language.register('json', 'jsonl')
