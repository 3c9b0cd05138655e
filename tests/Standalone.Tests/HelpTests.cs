namespace OpenAIProxy.Standalone.Tests;

/// <summary>Every command and every flag is explained, in both languages.</summary>
public sealed class HelpTests
{
    private const string Chinese = "zh_CN.UTF-8";

    [Fact]
    public async Task Help_OfEveryCommand_IsInBothLanguages()
    {
        var commands = new Queue<string[]>([[]]);
        var seen = new List<string>();
        while (commands.TryDequeue(out var command))
        {
            var english = Rows(await HelpAsync("en_US.UTF-8", command), "Options:", "Commands:", "Arguments:");
            var chinese = Rows(await HelpAsync(Chinese, command), "选项:", "命令:", "参数:");
            seen.Add(string.Join(' ', command));

            Assert.Equal(english.Select(row => (row.Heading, row.Name)), chinese.Select(row => (row.Heading, row.Name)));
            Assert.All(english, row => Assert.DoesNotContain(row.Text, IsChinese));
            Assert.All(english, row => Assert.NotEmpty(row.Text));
            Assert.All(chinese, row => Assert.Contains(row.Text, IsChinese));
            foreach (var row in english.Where(row => row.Heading == 1))
            {
                commands.Enqueue([.. command, row.Name]);
            }
        }

        Assert.Equal(
            ["", "run", "health", "check", "usage", "keys", "alerts", "prices", "reconcile", "resend", "completion",
                "keys create", "keys list", "keys show", "keys update", "keys rotate", "keys revoke", "alerts test",
                "prices check", "prices show", "prices update"],
            seen);
    }

    [Fact]
    public async Task Help_OfRun_NamesItsFlags()
    {
        var help = await HelpAsync("C", ["run"]);

        Assert.All(
            ["openai-proxy run [options] [--SETTING=value ...]", "--port N", "--api-key KEY", "--data DIR", "--demo", "-h, -?, --help"],
            text => Assert.Contains(text, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("help")]
    [InlineData("help", "prices", "check")]
    public async Task Help_AsAWord_IsTheSameText(params string[] args)
    {
        var (exitCode, output, error) = await StandaloneProcess.RunWithAsync(new() { ["LC_ALL"] = "C" }, args);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(await HelpAsync("C", args[1..]), output);
    }

    private static async Task<string> HelpAsync(string language, string[] command)
    {
        var (exitCode, output, error) = await StandaloneProcess.RunWithAsync(new() { ["LC_ALL"] = language }, [.. command, "--help"]);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    // "  --port N  The port; …": two spaces and more stand between the columns.
    private static (int Heading, string Name, string Text)[] Rows(string help, params string[] headings)
    {
        var rows = new List<(int, string, string)>();
        var heading = -1;
        foreach (var line in help.Split('\n').Select(line => line.TrimEnd()))
        {
            if (!line.StartsWith("  ", StringComparison.Ordinal))
            {
                heading = Array.IndexOf(headings, line);
            }
            else if (heading >= 0)
            {
                var end = line.IndexOf("  ", 2, StringComparison.Ordinal);
                rows.Add((heading, line[2..end], line[end..].Trim()));
            }
        }

        return [.. rows];
    }

    private static bool IsChinese(char c) => c is >= '\u4e00' and <= '\u9fff';
}
