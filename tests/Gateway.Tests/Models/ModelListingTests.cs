using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>The list of models shows a key what it may use, as the upstream wrote it.</summary>
public sealed class ModelListingTests : IAsyncLifetime
{
    private const string Nothing = """{"object":"list","data":[]}""";

    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await ModelRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("""{"object":"list","data":[]}""", """{"object":"list","data":[]}""")]
    [InlineData("""{"object":"list","data":[{"id":"gpt-5"},{"id":"gpt-4o"}]}""", """{"object":"list","data":[{"id":"gpt-4o"}]}""")]
    [InlineData(
        """{ "data": [ {"x":[{"id":"gpt-5"}],"id":"gpt-4o"} , {"id":"gpt-5"} , {"id":"gpt-4o-mini","y":1.50e1} ], "has_more": false }""",
        """{ "data": [ {"x":[{"id":"gpt-5"}],"id":"gpt-4o"} , {"id":"gpt-4o-mini","y":1.50e1} ], "has_more": false }""")]
    [InlineData("""{"data":[{"id":"gpt-4o"},{"object":"model"},7,null,["gpt-4o"],"gpt-4o","gpt-5"]}""", """{"data":[{"id":"gpt-4o"},"gpt-4o"]}""")]
    [InlineData("""{"data":[{"id":"gpt-5","name":"gpt-4o"},{"name":"gpt-4o","id":"gpt-5"}]}""", """{"data":[]}""")]
    [InlineData("""{"models":[{"slug":"gpt-5"},{"slug":"gpt-4o"}]}""", """{"models":[{"slug":"gpt-4o"}]}""")]
    [InlineData("""{"models":[{"name":"models/gpt-4o"},{"name":"models/gemini-pro"}]}""", """{"models":[{"name":"models/gpt-4o"}]}""")]
    [InlineData("""[{"id":"gpt-5"},{"id":"gpt-4o"}]""", """[{"id":"gpt-4o"}]""")]
    [InlineData("""{"data":[{"id":"gpt-4o"},{"id":"gpt-5"}]""", Nothing)]
    [InlineData("""{"other":[{"id":"gpt-5"}]}""", Nothing)]
    [InlineData("gpt-5", Nothing)]
    public async Task List_ForAKeyWithModels_HasThoseOnly(string list, string shown)
    {
        var (request, answer) = await _rig.ExchangeAsync(
            Rig.Request("GET /v1/models", $"Authorization: Bearer {ModelRig.Limited}", "Accept-Encoding: gzip, br", "Range: bytes=9-"), Answer(list));

        Assert.Equal("identity", request.Head["Accept-Encoding"]);
        Assert.Null(request.Head["Range"]);
        Assert.Equal(shown, answer.Text);
        Assert.Equal(RawEnd.Complete, answer.End);
        Assert.Null(answer.Head["ETag"]);
    }

    [Fact]
    public async Task List_ThatIsCompressedAllTheSame_IsFiltered()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync("""{"data":[{"id":"gpt-5"},{"id":"gpt-4o"}]}"""u8.ToArray());
        }

        var (_, answer) = await _rig.ExchangeAsync(
            ModelRig.Bare("GET /v1/models"), Answer(Encoding.Latin1.GetString(compressed.ToArray()), "Content-Encoding: gzip\r\n"));

        Assert.Equal("""{"data":[{"id":"gpt-4o"}]}""", answer.Text);
        Assert.Null(answer.Head["Content-Encoding"]);
    }

    [Fact]
    public async Task List_ThatCantBeUnpacked_ShowsNothing()
    {
        var (_, answer) = await _rig.ExchangeAsync(ModelRig.Bare("GET /v1/models"), Answer("gpt-5", "Content-Encoding: compress\r\n"));

        Assert.Equal(Nothing, answer.Text);
    }

    [Fact]
    public async Task List_OfManyPieces_IsFiltered()
    {
        var items = string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""{"id":"{{(i % 2 == 0 ? "gpt-4o-mini-" : "gpt-5-")}}{{i.ToString(CultureInfo.InvariantCulture)}}"}"""));

        var (_, answer) = await _rig.ExchangeAsync(ModelRig.Bare("GET /v1/models"), Answer($$"""{"data":[{{items}}]}"""));

        Assert.DoesNotContain("gpt-5", answer.Text, StringComparison.Ordinal);
        Assert.Contains("gpt-4o-mini-19998", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/models", "401 Unauthorized", ModelRig.Limited)]
    [InlineData("GET /v1/models/gpt-4o", "200 OK", ModelRig.Limited)]
    [InlineData("GET /v1/models", "200 OK", ModelRig.Free)]
    public async Task Answer_ThatIsNoListForSuchAKey_PassesAsItIs(string request, string status, string key)
    {
        const string body = """{"id":"gpt-4o","root":"gpt-5"}""";

        var (_, answer) = await _rig.ExchangeAsync(Rig.Request(request, $"Authorization: Bearer {key}"), Answer(body, status: status));

        Assert.Equal(body, answer.Text);
        Assert.Equal("\"1\"", answer.Head["ETag"]);
    }

    private static string Answer(string body, string headers = "", string status = "200 OK")
        => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nETag: \"1\"\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
}
