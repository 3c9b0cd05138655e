using OpenAIProxy.Gateway.Commands;
using OpenAIProxy.Gateway.Configuration;

namespace OpenAIProxy.Gateway.Tests.Commands;

/// <summary><c>--help</c>, wherever it stands.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("--port", "9999", "--help")]
    [InlineData("billing", "resend", "-?")]
    public void Help_ShowsCommandsExamplesAndEverySettingBySection(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(0, GatewayCommands.Run(args, output, error));

        var text = output.ToString();
        Assert.Equal("", error.ToString());
        Assert.All(["billing resend", "--health ADDRESS", "--port N", "Examples:", "also FORWARD_KEY"],
            words => Assert.Contains(words, text, StringComparison.Ordinal));
        Assert.All(GatewaySettings.All, setting => Assert.Contains($"  --{setting.Name}=", text, StringComparison.Ordinal));
        Assert.All(GatewaySettings.All, setting => Assert.Contains($"{Environment.NewLine}{setting.Section}{Environment.NewLine}", text, StringComparison.Ordinal));
    }
}
