using OpenAIProxy.Gateway.Listening;

namespace OpenAIProxy.Gateway.Metering.Draining;

/// <summary>Reads on, for its usage, what nobody waits for any more: at most 60 seconds and 1 MB, and no longer than the gateway runs.</summary>
internal sealed class Drains(IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const int MostBytes = 1024 * 1024;
    private const int BufferSize = 8 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly InProgress _drains = new();

    /// <summary>Completes as soon as nothing is read on, and all that was has its usage record.</summary>
    public Task WhenNone() => _drains.WhenNone();

    /// <summary>Goes on with an answer's body.</summary>
    /// <param name="body">The body; disposed at the end.</param>
    /// <param name="waiting">A read without a buffer that is under way; null if none is.</param>
    /// <param name="call">Whose it is; closed at the end.</param>
    public void Begin(Stream body, Task<int>? waiting, IDrainable call)
    {
        _ = DrainAsync(call, body, async limit =>
        {
            if (waiting is not null)
            {
                await waiting.WaitAsync(limit);
            }

            await ReadAsync(body, call, limit);
        });
    }

    /// <summary>Goes on with a call to which there is no answer yet.</summary>
    /// <param name="answer">The answer that will come.</param>
    /// <param name="cancel">What cancels it; disposed at the end.</param>
    /// <param name="call">Whose it is; closed at the end.</param>
    public void Begin(Task<HttpResponseMessage> answer, CancellationTokenSource cancel, IDrainable call)
    {
        _ = DrainAsync(call, cancel, async limit =>
        {
            using var registration = Cancel(cancel, limit);
            using var message = await answer;
            call.AnsweredNobody(message);
            await ReadAsync(await message.Content.ReadAsStreamAsync(limit), call, limit);
        });
    }

    private async Task DrainAsync(IDrainable call, IDisposable held, Func<CancellationToken, Task> drain)
    {
        _drains.Begin();
        call.HandOver();
        try
        {
            using var limit = new CancellationTokenSource(Longest, time);
            using var stop = Cancel(limit, lifetime.ApplicationStopping);
            await drain(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or InvalidDataException)
        {
            // It is recorded as far as it got.
        }
        finally
        {
            held.Dispose();
            call.Close();
            _drains.End();
        }
    }

    private static async Task ReadAsync(Stream body, IDrainable call, CancellationToken limit)
    {
        var buffer = new byte[BufferSize];
        for (var left = MostBytes; left > 0 && !call.IsOver;)
        {
            var count = await body.ReadAsync(buffer, limit);
            call.Passed(buffer.AsSpan(0, count));
            left -= count;
        }
    }

    private static CancellationTokenRegistration Cancel(CancellationTokenSource source, CancellationToken with)
        => with.UnsafeRegister(static c => ((CancellationTokenSource)c!).Cancel(), source);
}
