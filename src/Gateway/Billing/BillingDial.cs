using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>How a connection to the billing service is made: over the network, unless it runs in the same process.</summary>
/// <param name="ConnectAsync">Makes one; see <see cref="SocketsHttpHandler.ConnectCallback"/>.</param>
internal sealed record BillingDial(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ConnectAsync)
{
    /// <summary>Over the network.</summary>
    public static BillingDial Network { get; } = new(RacedConnect.Default.ConnectAsync);
}
