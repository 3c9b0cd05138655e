namespace OpenAIProxy.Standalone.Completion;

/// <summary>
/// Scripts that have a shell complete the command line. Each asks the program itself, by a directive of System.CommandLine:
/// <c>openai-proxy "[suggest:20]" "openai-proxy prices s"</c> writes what may stand at the 20th character, one a line.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # eval "$(openai-proxy completion bash)"
        _openai_proxy() {
            local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _openai_proxy openai-proxy
        """;

    private const string Zsh = """
        # eval "$(openai-proxy completion zsh)"
        _openai_proxy() {
            local line="${(j: :)words[1,CURRENT]}"
            compadd -- ${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"}
        }
        compdef _openai_proxy openai-proxy
        """;

    private const string Fish = """
        # openai-proxy completion fish | source
        function __openai_proxy
            set -l line (commandline -cp)
            openai-proxy "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c openai-proxy -a '(__openai_proxy)'
        """;

    private const string PowerShell = """
        # openai-proxy completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName openai-proxy -ScriptBlock {
            param($word, $line, $position)
            $text = "$line".PadRight($position).Substring(0, $position)
            openai-proxy "[suggest:$position]" $text 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    /// <summary>The scripts by their shells.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };
}
