using System.Text;

namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>Bodies of megabytes with the model at their end are judged while they pass, and what is refused never is a whole request upstream.</summary>
public sealed class ModelLargeBodyTests
{
    private const int Size = 5 * 1024 * 1024;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Body_WithAnAllowedModelAtItsEnd_PassesByteForByte(bool isMetered, bool isChunked)
    {
        await using var rig = await ModelRig.StartAsync(isMetered);
        await using var client = await rig.Gateway.ConnectAsync();
        var body = Body("gpt-4o");

        var sending = SendAsync(client, body, isChunked);
        await using var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadMessageAsync();
        await upstream.SendAsync(Rig.Ok);
        await sending.Guarded();

        Assert.Equal(body, request.Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Theory]
    [InlineData(false, false, "gpt-5")]
    [InlineData(false, true, "gpt-5")]
    [InlineData(true, false, "gpt-5")]
    [InlineData(true, true, "gpt-5")]
    [InlineData(false, true, "gpt-4o\",\"model\":\"gpt-5")]
    [InlineData(false, true, "gpt-4o\",\"mod\\u0065l\":\"gpt-5")]
    public async Task Body_WithAnotherModelAtItsEnd_Gets403AndTheUpstreamNoWholeRequest(bool isMetered, bool isChunked, string model)
    {
        await using var rig = await ModelRig.StartAsync(isMetered);
        await using var client = await rig.Gateway.ConnectAsync();

        var sending = SendAsync(client, Body(model), isChunked);
        await using var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadMessageAsync();
        var answer = await client.ReadMessageAsync();
        await sending.Guarded();

        Assert.Equal((403, "model_not_allowed"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.NotEqual(RawEnd.Complete, request.End);
        // Nothing that a server could take for a whole document: it has no end, and no word of the model.
        Assert.DoesNotContain("gpt-5", request.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("}", request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_WithoutItsEnd_NeverIsAWholeRequest()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();

        var sending = SendAsync(client, Body("gpt-4o")[..^1], isChunked: true);
        await using var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadMessageAsync();
        var answer = await client.ReadMessageAsync();
        await sending.Guarded();

        Assert.Equal((400, "model_unreadable"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.NotEqual(RawEnd.Complete, request.End);
    }

    [Fact]
    public async Task Form_WithAnotherModelBehindItsFile_Gets403AndTheUpstreamNoWholeRequest()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        var form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n" + new string('s', Size)
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n";

        var sending = client.SendAsync(ModelRig.Post("/v1/audio/transcriptions", form, "multipart/form-data; boundary=b"));
        await using var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadMessageAsync();
        var answer = await client.ReadMessageAsync();
        await sending.Guarded();

        Assert.Equal((403, "model_not_allowed"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.NotEqual(RawEnd.Complete, request.End);
        Assert.DoesNotContain("--b--", request.Text, StringComparison.Ordinal);
    }

    private static string Body(string model) => "{\"input\":\"" + new string('x', Size) + "\",\"model\":\"" + model + "\"}";

    private static async Task SendAsync(RawConnection client, string body, bool isChunked)
    {
        if (!isChunked)
        {
            await client.SendAsync(ModelRig.Post("/v1/responses", body));
            return;
        }

        await client.SendAsync(Rig.Request(
            "POST /v1/responses", $"Authorization: Bearer {ModelRig.Limited}", "Content-Type: application/json", "Transfer-Encoding: chunked"));
        await client.SendChunkAsync(Encoding.UTF8.GetBytes(body));
        await client.SendChunkAsync("");
    }
}
