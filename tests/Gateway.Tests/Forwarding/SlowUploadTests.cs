namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class SlowUploadTests : RigTest
{
    [Fact]
    public async Task Upload_BelowEveryMinimumRate_Passes()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 4") + "{");
        await using var connection = await Rig.Upstream.AcceptAsync();
        // Longer than the grace period and the measuring interval of Kestrel's default rate together.
        await Task.Delay(TimeSpan.FromSeconds(7));
        await client.SendAsync("  }");

        var request = await connection.ReadMessageAsync();
        await connection.SendAsync(Rig.Ok);

        Assert.Equal("{  }", request.Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }
}
