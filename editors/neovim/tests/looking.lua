-- Looking at an example: as a conversation, and its recording in a player.

local steps = require('steps')
local same, has, floating = steps.same, steps.has, steps.floating

local tests = {}
local function test(name, options, run)
  table.insert(tests, { name = name, options = options, run = run })
end

--- A line with a video at this location, and what follows its file.
local function line(location, segment)
  local file = ('{"fileData":{"mimeType":"video/mp4","fileUri":"%s"}%s}'):format(location, segment or '')
  local user = ('{"role":"user","parts":[%s,{"text":"What happens?\\nName one event."}]}'):format(file)
  return ('{"contents":[%s,{"role":"model","parts":[{"text":"{\\"label\\": \\"goal\\"}"}]}]}'):format(user)
end

local SEGMENT = ',"videoMetadata":{"startOffset":"5s","endOffset":"65.5s"}'

--- Replaces the text of the buffer.
local function set(child, lines)
  child:attached()
  child:lua('vim.api.nvim_buf_set_lines(0, 0, -1, true, { ... })', unpack(lines))
end

test('an example is shown as a conversation', { files = { 'video-clean.jsonl' } }, function(child)
  set(child, { line('gs://league/a.mp4'), line('gs://league/match-1.mp4', SEGMENT) })
  child:type('2G:TuningLs preview<CR>')
  same(
    floating(child),
    table.concat({
      'Example 2 of 2',
      '',
      'user',
      'gs://league/match-1.mp4',
      'from 0:05 to 1:05.5',
      'What happens?',
      'Name one event.',
      '',
      'model',
      '{',
      '  "label": "goal"',
      '}',
    }, '\n')
  )
end)

--- A player that writes its arguments to a file.
local PLAYER = [[let g:tuning_ls = #{player: ['sh', '-c', 'printf "%s\n" "$@" > played', 'sh', '--start={start}', '--end={end}', '--', '{file}']}]]

test('a recording is played in its segment', { files = { 'video-clean.jsonl' }, before = PLAYER }, function(child)
  local clip = 'https://example.org/match 1.mp4'
  set(child, { line(clip, SEGMENT), line(clip, ',"videoMetadata":{"startOffset":"5s"}') })
  local function played(row, expected)
    child:lua("vim.fn.delete('played')")
    child:type(row .. 'G:TuningLs play<CR>')
    child:await("vim.fn.filereadable('played') == 1 and #vim.fn.readfile('played') == ...", #expected)
    local arguments = child:lua("return vim.fn.readfile('played')")
    same(vim.tbl_map(function(argument)
      return (argument:gsub('%.0$', ''))
    end, arguments), expected)
  end
  played(1, { '--start=5', '--end=65.5', '--', clip })
  played(2, { '--start=5', '--', clip })
end)

test('what cannot be played is said', { files = { 'video-clean.jsonl' } }, function(child)
  set(child, { line('gs://league/a.mp4'), '{"contents":[{"role":"user","parts":[{"text":"a"}]}]}', '' })
  for row, said in ipairs({ 'there is no local copy of a.mp4', 'no video or audio file', 'there is no example here' }) do
    child:type(row .. 'G:TuningLs play<CR>')
    child:await("(_G.messages[#_G.messages] or ''):find(..., 1, true)", said)
  end
  child:lua("vim.g.tuning_ls = { player = { 'no-such-player', '{file}' } }")
  set(child, { line('https://example.org/a.mp4') })
  child:type('1G:TuningLs play<CR>')
  has(child:await("(_G.messages[#_G.messages]):find('not installed', 1, true) and _G.messages[#_G.messages]"), 'no-such-player')
end)

return tests
