using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenAIProxy.Gateway.Tests.Metering;

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

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Drain")]
    public async Task Body_ThatIsRefusedAtItsEnd_LeavesNoRecordButThatOfTheNextCall(string onClientAbort)
    {
        var journal = new TestJournal();
        await using var upstream = new RawUpstream();
        await using var gateway = await MeteredRig.StartGatewayAsync(
            upstream.Address, journal, [.. ModelRig.Settings, ("Metering:OnClientAbort", onClientAbort)]);
        await using var client = await gateway.ConnectAsync();

        var sending = SendAsync(client, Body("gpt-5"), isChunked: true);
        await using (var connection = await upstream.AcceptAsync())
        {
            Assert.NotEqual(RawEnd.Complete, (await connection.ReadMessageAsync()).End);
        }

        Assert.Equal(403, (await client.ReadMessageAsync()).Head.Status);
        await sending.Guarded();
        await using var next = await gateway.ConnectAsync();
        await next.SendAsync(ModelRig.Post("/v1/responses", """{"model":"gpt-4o"}"""));
        await upstream.AnswerAsync(MeteredRig.Answer("""{"object":"response","status":"completed","model":"gpt-4o","usage":{"input_tokens":1,"output_tokens":1}}"""));
        await next.ReadMessageAsync();

        Assert.Equal("gpt-4o", Assert.Single(await journal.WaitAsync(1)).RequestedModel);
    }

    [Fact]
    public async Task Body_ThatIsRefusedOverHttp2_NeverEndsThere()
    {
        var read = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await AppUpstream.StartAsync(
            async context =>
            {
                try
                {
                    await context.Request.Body.CopyToAsync(Stream.Null);
                    read.SetResult(true);
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    read.SetResult(false);
                }
            },
            HttpProtocols.Http2);
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, [("OpenAI:ApiKey", Keys.Operator), .. ModelRig.Settings, ("Forwarding:UpstreamHttpVersion", "2")]);
        await using var client = await gateway.ConnectAsync();

        var sending = SendAsync(client, Body("gpt-5"), isChunked: false);
        var answer = await client.ReadMessageAsync();
        await sending.Guarded();

        Assert.Equal((403, "model_not_allowed"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.False(await read.Task.Guarded());
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
