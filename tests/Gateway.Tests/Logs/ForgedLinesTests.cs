using System.Net.Http.Headers;

namespace OpenAIProxy.Gateway.Tests.Logs;

/// <summary>Whatever a caller writes, a log line stays one line and moves no terminal's cursor.</summary>
public sealed class ForgedLinesTests : RigTest
{
    private const string Forged = "info: forged by a caller";

    [Theory]
    [InlineData("%0A")]
    [InlineData("%0D%0A")]
    [InlineData("%0D")]
    [InlineData("%1B[2K%1B[1A")]
    [InlineData("%C2%85")]
    [InlineData("%C2%9B31m")]
    [InlineData("%E2%80%A8")]
    [InlineData("%E2%80%AE")]
    [InlineData("%0A   at ")]
    [InlineData("%08%08%08")]
    [InlineData("%7F")]
    public async Task Path_WithControlCharacters_IsShownEscaped(string control)
    {
        foreach (var path in (string[])[
            $"/healthz{control}x", $"/internal/{control}x", $"/billing/usage{control}x", $"/usage/{control}x", $"/v1/files/{control}x"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Trace, path + Uri.EscapeDataString(Forged));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-" + "x");
            using var answer = await Rig.Client.SendAsync(request);
            Assert.False(answer.IsSuccessStatusCode);
        }

        var lines = Rig.Gateway.Logs.Find(Forged).Where(e => e.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, e => e.Text.Any(IsControl));
        Assert.DoesNotContain(Rig.Gateway.Logs.Entries, e => Message(e).Any(IsControl));
    }

    private static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E';

    // What stands behind the message are its values one by one, and the exception.
    private static string Message(LogEntry entry) => entry.Text.Split(" | ")[0];
}
