using OpenAIProxy.Gateway.Metering.Decoding;

namespace OpenAIProxy.Gateway.Tests.Metering.Decoding;

/// <summary>Upstreams are asked for no coding that metering can't read.</summary>
public sealed class AcceptedCodingsTests
{
    private const string Body = """{"model":"gpt-4o-mini","messages":[]}""";

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "gzip, deflate, br, zstd")]
    [InlineData("GZIP;q=0.5,identity;q=0", "GZIP;q=0.5,identity;q=0")]
    [InlineData("gzip, deflate, br, zstd, dcb, dcz", "gzip, deflate, br, zstd")]
    [InlineData("compress;q=0.9, br;q=0.8", "br;q=0.8")]
    [InlineData("compress", "identity")]
    [InlineData("*", "gzip")]
    [InlineData("*;q=0.1", "gzip;q=0.1")]
    [InlineData("br, *;q=0.1", "br, gzip;q=0.1")]
    [InlineData("gzip;q=0, *", "gzip;q=0")]
    [InlineData("gzip, *", "gzip")]
    [InlineData("gzip, *;q=0", "gzip, *;q=0")]
    [InlineData("dcb, *;q=0", "dcb, *;q=0")]
    [InlineData("identity;q=0, *", "identity;q=0, gzip")]
    [InlineData("identity;q=0, dcb", "identity;q=0, dcb")]
    [InlineData("identity;q=0, dcb, br", "identity;q=0, br")]
    [InlineData("dcb;q=0, gzip", "dcb;q=0, gzip")]
    [InlineData("dcb ; Q=1, gzip ; q=0.3", "gzip ; q=0.3")]
    [InlineData("dcb,,", "identity")]
    [InlineData("", "")]
    public async Task AcceptEncoding_OfAMeteredCall_NamesOnlyWhatCanBeRead(string sent, string received)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body, $"Accept-Encoding: {sent}"), Rig.Ok);

        Assert.Equal(received, request.Head["Accept-Encoding"] ?? "");
    }

    [Fact]
    public async Task AcceptEncoding_InSeveralLines_IsOneList()
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Body, "Accept-Encoding: dcb", "Accept-Encoding: br"), Rig.Ok);

        Assert.Equal("br", request.Head["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("GET /v1/models", true)]
    [InlineData("GET /v1/files/f/content", true)]
    [InlineData("GET /v1/chat/completions", false)]
    public async Task AcceptEncoding_OfWhatIsNotLookedAt_StaysAsItIs(string target, bool isMetered)
    {
        await using var rig = new Rig([], isMetered);
        await rig.InitializeAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request(target, "Accept-Encoding: dcb, *"));

        Assert.Equal("dcb, *", request.Head["Accept-Encoding"]);
    }

    [Fact]
    public async Task AcceptEncoding_ThatIsAbsent_StaysAbsent()
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), Rig.Ok);

        Assert.Null(request.Head["Accept-Encoding"]);
    }

    [Fact]
    public void Restrict_WhatIsReadable_AllocatesNothing()
    {
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary { ["Accept-Encoding"] = "gzip, deflate, br, zstd" };
        AcceptedCodings.Restrict(headers);

        Assert.Equal(0, Allocations.During(() => AcceptedCodings.Restrict(headers)));
    }
}
