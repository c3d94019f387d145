autocmd BufRead,BufNewFile *.jsonl,*.ndjson setfiletype jsonl
" An example is one line, which must never be broken into two.
autocmd FileType jsonl setlocal textwidth=0 wrapmargin=0
