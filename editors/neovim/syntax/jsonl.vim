" Neovim's JSON highlighting without its warnings, which would report a missing comma after every example.

if exists('b:current_syntax')
  finish
endif

let s:warnings = get(g:, 'vim_json_warnings', 1)
let g:vim_json_warnings = 0
runtime! syntax/json.vim
let g:vim_json_warnings = s:warnings
unlet s:warnings

let b:current_syntax = 'jsonl'
