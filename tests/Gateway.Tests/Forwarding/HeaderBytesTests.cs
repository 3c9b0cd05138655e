using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Header values that are not ASCII are bytes, and stay the bytes they are, in both directions.</summary>
public class HeaderBytesTests : RigTest
{
    public HeaderBytesTests()
    {
    }

    protected HeaderBytesTests(bool isMetered)
        : base(isMetered)
    {
    }

    public static TheoryData<string> Values => [.. new[] { "\u00e4\u00f6\u00fc \u00ff", Latin1("日本語 😀 é"), "\u0080\u00a0x" }];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task RequestHeader_NotAscii_KeepsItsBytes(string value)
    {
        var (request, answer) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", $"X-Name: a{value}z", $"User-Agent: a{value}z"));

        Assert.Equal($"a{value}z", request.Head["X-Name"]);
        Assert.Equal($"a{value}z", request.Head["User-Agent"]);
        Assert.Equal(200, answer.Head.Status);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task RequestBodyHeader_NotAscii_KeepsItsBytes(string value)
    {
        var line = $"Content-Disposition: form-data; filename=\"a{value}z\"";

        var (request, _) = await Rig.ExchangeAsync(Rig.Request("POST /v1/files", line, "Content-Length: 2") + "{}");

        Assert.Contains(line, request.Head.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task ResponseHeader_NotAscii_KeepsItsBytes(string value)
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/files/file-1/content"),
            $"HTTP/1.1 200 OK\r\nX-Name: a{value}z\r\nContent-Disposition: attachment; filename=\"a{value}z\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, answer.Head.Status);
        Assert.Equal($"a{value}z", answer.Head["X-Name"]);
        Assert.Equal($"attachment; filename=\"a{value}z\"", answer.Head["Content-Disposition"]);
    }

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
