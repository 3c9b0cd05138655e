namespace OpenAIProxy.Standalone.Tests;

/// <summary>What <c>openai-proxy completion bash</c> prints completes in bash; the others are at least printed.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("openai-proxy pri", "prices")]
    [InlineData("openai-proxy prices ", "check show update")]
    [InlineData("openai-proxy usage --gr", "--group-by")]
    [InlineData("openai-proxy completion f", "fish")]
    public async Task Bash_CompletesTheWord(string line, string expected)
    {
        // As bash calls it, with the words before the cursor and the program found on PATH.
        const string script = """
            PATH="$(dirname "$1"):$PATH"
            eval "$(openai-proxy completion bash)"
            COMP_LINE="$2" COMP_POINT=${#2}
            read -ra COMP_WORDS <<< "$2"
            [[ "$2" == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _openai_proxy
            printf '%s\n' "${COMPREPLY[@]}"
            complete -p openai-proxy
            """;

        var (exitCode, output, error) = await RunningCommand.RunAsync("bash", ["-c", script, "bash", StandaloneProcess.Program, line]);

        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("-F _openai_proxy", lines[^1], StringComparison.Ordinal);
        Assert.All(expected.Split(' '), word => Assert.Contains(word, lines));
        Assert.DoesNotContain("run", lines);
    }

    [Theory]
    [InlineData("zsh", "compdef _openai_proxy openai-proxy")]
    [InlineData("fish", "complete -c openai-proxy")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native")]
    public async Task OtherShells_HaveAScript(string shell, string words)
    {
        var (exitCode, output, _) = await StandaloneProcess.RunAsync("completion", shell);

        Assert.Equal(0, exitCode);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownShell_IsWrongUsage() => Assert.Equal(64, (await StandaloneProcess.RunAsync("completion", "cmd")).ExitCode);
}
