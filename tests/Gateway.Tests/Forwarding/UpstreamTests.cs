using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What only minutes of waiting would show, read from the settings of the connections themselves.</summary>
public sealed class UpstreamTests : RigTest
{
    [Fact]
    public void Silence_ByDefault_IsAllowedForTwentyMinutesBeforeTheHeadAndTenBehindIt()
    {
        // YARP's own limit is 100 seconds: too short for a model that thinks, a stream that pauses, a WebSocket that waits.
        var upstream = Rig.Gateway.Services.GetRequiredService<OpenAIProxy.Gateway.Forwarding.Upstream>();

        var settings = Rig.Gateway.Services.GetRequiredService<TimingSettings>();

        Assert.Equal((TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10)), (settings.FirstByteTimeout, settings.IdleTimeout));
        Assert.True(upstream.Requests.ActivityTimeout > settings.FirstByteTimeout);
        Assert.True(upstream.Upgrades.ActivityTimeout > settings.FirstByteTimeout);
    }

    [Fact]
    public void Connections_AreRenewedAndDoNothingByThemselves()
    {
        var settings = Rig.Gateway.Services.GetRequiredService<ForwardingSettings>();
        using var handler = OpenAIProxy.Gateway.Forwarding.Upstream.CreateHandler(settings);

        Assert.InRange(handler.PooledConnectionIdleTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(59));
        Assert.InRange(handler.PooledConnectionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
        Assert.True(handler.EnableMultipleHttp2Connections);
        Assert.Equal(TimeSpan.FromSeconds(10), handler.ConnectTimeout);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.False(handler.UseProxy);
    }
}
