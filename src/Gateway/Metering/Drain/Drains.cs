using OpenAIProxy.Gateway.Stopping;

namespace OpenAIProxy.Gateway.Metering.Drain;

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
    public void Begin(Stream body, Task<int>? waiting, MeteredCall call)
    {
        _drains.Begin();
        call.HandOver();
        _ = DrainAsync(body, waiting, call);
    }

    /// <summary>Goes on with a call to which there is no answer yet.</summary>
    /// <param name="answer">The answer that will come.</param>
    /// <param name="cancel">What cancels it; disposed at the end.</param>
    /// <param name="call">Whose it is; closed at the end.</param>
    public void Begin(Task<HttpResponseMessage> answer, CancellationTokenSource cancel, MeteredCall call)
    {
        _drains.Begin();
        call.HandOver();
        _ = DrainAsync(answer, cancel, call);
    }

    private async Task DrainAsync(Task<HttpResponseMessage> answer, CancellationTokenSource cancel, MeteredCall call)
    {
        try
        {
            using var limit = new CancellationTokenSource(Longest, time);
            using var stop = EndAtStop(limit);
            using var registration = limit.Token.UnsafeRegister(static c => ((CancellationTokenSource)c!).Cancel(), cancel);
            using var message = await answer;
            call.AnsweredNobody(message);
            await ReadAsync(await message.Content.ReadAsStreamAsync(limit.Token), call, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or InvalidDataException)
        {
            // It is recorded as far as it got.
        }
        finally
        {
            cancel.Dispose();
            call.Close();
            _drains.End();
        }
    }

    private async Task DrainAsync(Stream body, Task<int>? waiting, MeteredCall call)
    {
        try
        {
            using var limit = new CancellationTokenSource(Longest, time);
            using var stop = EndAtStop(limit);
            if (waiting is not null)
            {
                await waiting.WaitAsync(limit.Token);
            }

            await ReadAsync(body, call, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or InvalidDataException)
        {
            // It is recorded as far as it got.
        }
        finally
        {
            await body.DisposeAsync();
            call.Close();
            _drains.End();
        }
    }

    private static async Task ReadAsync(Stream body, MeteredCall call, CancellationToken limit)
    {
        var buffer = new byte[BufferSize];
        for (var left = MostBytes; left > 0 && !call.IsOver;)
        {
            var count = await body.ReadAsync(buffer, limit);
            call.Passed(buffer.AsSpan(0, count));
            left -= count;
        }
    }

    private CancellationTokenRegistration EndAtStop(CancellationTokenSource limit)
        => lifetime.ApplicationStopping.UnsafeRegister(static c => ((CancellationTokenSource)c!).Cancel(), limit);
}
