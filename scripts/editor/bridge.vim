" Vim and Neovim syntax for scripts of Bridge. The word lists are held against the language by a test.
if exists("b:current_syntax")
  finish
endif

syntax iskeyword @,48-57,_,192-255
syntax sync minlines=200

syntax keyword bridgeControl break catch continue else for if no_grad return try while
syntax keyword bridgeOperatorWord and in not or
syntax keyword bridgeStorage fn
syntax keyword bridgeImport as import
syntax keyword bridgeConstant false nil true
syntax match bridgeFunction /\.\@<!\<\%(abs\|adamw\|all\|any\|append_jsonl\|apropos\|arange\|argmax\|argmin\|args\|assert\|attention\|backward\|bridge_attention\|cat\|ceil\|checkpoint\|clamp\|clip_grad_norm\|clock\|contains\|cos\|cross_entropy\|cumsum\|embedding\|ends_with\|enumerate\|env\|erf\|error\|evaluate\|exp\|expand\|eye\|filter\|find\|float\|floor\|full\|gather\|gelu\|help\|inf\|insert\|int\|items\|join\|keys\|layer_norm\|len\|linear\|linear_cross_entropy\|linspace\|list\|load_session\|log\|log_softmax\|logical_and\|logical_not\|logical_or\|logsumexp\|lower\|map\|max\|mean\|median\|min\|muon\|nan\|one_hot\|ones\|param\|permute\|pi\|pop\|print\|prod\|progress\|push\|rand\|randint\|randn\|range\|read_csv\|read_json\|read_jsonl\|read_text\|reduce\|relu\|replace\|reshape\|resume\|reverse\|rlvr\|rms_norm\|rope\|round\|sample\|save_session\|schedule\|seed\|sft\|sgd\|show\|sigmoid\|silu\|sin\|softmax\|sort\|split\|sqrt\|squeeze\|stack\|starts_with\|std\|str\|stream_csv\|stream_jsonl\|sum\|swiglu\|tanh\|tensor\|time\|topk\|traces\|transpose\|tril\|trim\|triu\|type\|unique\|unsqueeze\|upper\|value_and_grad\|values\|var\|warmup\|where\|who\|write_csv\|write_json\|write_jsonl\|write_text\|zeros\|zip\)\>/
syntax match bridgeNamespace /\.\@<!\<\%(bridge\|debug\|metric\|model\|plot\|task\)\>\ze\s*\./

syntax match bridgeMember /\.\@<!\.\s*\h\w*/
syntax match bridgeLabel /\<\h\w*\>\ze\s*:/
syntax match bridgeDefinition /\%(\<fn\s\+\)\@<=\h\w*/
syntax match bridgeOperator /->\||>\|\*\*=\?\|\/\/=\?\|\.\.=\?\|[-+*\/%@<>=!]=\?/
syntax match bridgeNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][-+]\?\d[0-9_]*\)\?/
syntax match bridgeNumber /\<0\%([xX]\x[0-9a-fA-F_]*\|[bB][01_]\+\|[oO][0-7_]\+\)\>/

syntax match bridgeEscape contained /\\\%([ntr0\\"'{}]\|x\x\{2}\|u\x\{4}\|U\x\{8}\|[xuU]{\x\+}\|$\)/
syntax region bridgeInterpolation contained matchgroup=bridgeEscape start=/{/ end=/}/ contains=TOP,bridgeComment,bridgeCell
syntax region bridgeString start=/\<f\?\z(["']\)/ end=/\z1\|$/ skip=/\\./ contains=bridgeEscape,bridgeInterpolation
syntax region bridgeString start=/\z(["']\)/ end=/\z1\|$/ skip=/\\./ contains=bridgeEscape,bridgeInterpolation
syntax region bridgeString start=/\z("""\|'''\)/ end=/\z1/ skip=/\\./ contains=bridgeEscape,bridgeInterpolation
syntax region bridgeString start=/\<r\z(["']\)/ end=/\z1\|$/
syntax region bridgeString start=/\<r\z("""\|'''\)/ end=/\z1/

syntax match bridgeComment /#.*$/ contains=@Spell
syntax match bridgeCell /^#\s\?%%.*$/

highlight default link bridgeControl Conditional
highlight default link bridgeOperatorWord Operator
highlight default link bridgeStorage Keyword
highlight default link bridgeImport Include
highlight default link bridgeConstant Constant
highlight default link bridgeFunction Function
highlight default link bridgeNamespace Type
highlight default link bridgeLabel Identifier
highlight default link bridgeDefinition Function
highlight default link bridgeOperator Operator
highlight default link bridgeNumber Number
highlight default link bridgeEscape SpecialChar
highlight default link bridgeString String
highlight default link bridgeComment Comment
highlight default link bridgeCell Title

let b:current_syntax = "bridge"
