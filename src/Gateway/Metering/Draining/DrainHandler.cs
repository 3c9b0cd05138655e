using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.Metering.Draining;

/// <summary>
/// Keeps a request alive whose client left before there was an answer, if all of it was sent: the upstream works on it, and the answer tells what
/// that cost.
/// </summary>
internal sealed class DrainHandler(HttpMessageHandler inner, Drains drains) : DelegatingHandler(inner)
{
    /// <summary>Where a request says whose it is.</summary>
    public static readonly HttpRequestOptionsKey<IDrainable> Call = new("OpenAIProxy.MeteredCall");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Call, out var call) || !call.IsWorthDraining)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var cancel = new CancellationTokenSource();
        (request.Content as OutgoingContent)?.SendToken = cancel.Token;
        var answer = base.SendAsync(request, cancel.Token);
        try
        {
            var message = await answer.WaitAsync(cancellationToken);
            cancel.Dispose();
            return message;
        }
        catch (OperationCanceledException) when (!answer.IsCompleted && call.IsLeftAlone)
        {
            drains.Begin(answer, cancel, call);
            throw;
        }
        catch
        {
            // It ends because of this, or has ended meanwhile; what it was copying must have ended too before the forwarder goes on.
            await cancel.CancelAsync();
            return await answer;
        }
    }
}
