using Microsoft.AspNetCore.Builder;

namespace OpenAIProxy.TestKit;

internal static class AppExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Stops a host without waiting for the requests that its test left hanging on purpose.</summary>
    public static async Task EndAsync(this WebApplication app)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // That is the patience, and disposal ends the rest.
        }

        await app.DisposeAsync().Guarded();
    }
}
