using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.ChatLog.Files;
using OpenAIProxy.Gateway.ChatLog.Lines;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Writes calls down, one after the other and outside of the calls' way, deletes what is old, and cuts off lines without an end.</summary>
internal sealed class ChatLogService(
    ChatLogSettings settings, ChatLogQueue queue, ChatLogFolder folder, ChatLogFile file, LineFormat lines, ChatLogTelemetry telemetry, TimeProvider time)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMinutes(10);

    // A part of GracefulStop.RestOfTheStop: the journal stops later and needs its own.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private Task _writing = Task.CompletedTask;
    private ITimer? _rounds;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            folder.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"{ChatLogSettings.DirectorySetting.Name} is '{folder.FullPath}', which can't be written: {e.Message}"]);
        }

        TidyUp();
        _rounds = time.CreateTimer(_ => TidyUp(), null, BetweenRounds, BetweenRounds);
        _writing = WriteAllAsync();
        return Task.CompletedTask;
    }

    // The gateway's listeners are closed by then: no call comes any more, and what waits is written if the disk takes it in time.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await _writing.WaitAsync(StopLimit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.DropAll();
    }

    public void Dispose()
    {
        _rounds?.Dispose();
        file.Dispose();
    }

    // A gateway that was killed a moment ago is not told from one that lives: its line goes in a later round.
    private void TidyUp()
    {
        folder.CutTornLines();
        var first = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-settings.KeepDays);
        folder.DeleteBefore(first).ForEach(telemetry.NotDeleted);
    }

    private async Task WriteAllAsync()
    {
        await foreach (var entry in queue.ReadAllAsync())
        {
            Write(entry);
        }
    }

    private void Write(LoggedEntry entry)
    {
        try
        {
            file.Append(lines.Write(entry));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            telemetry.Dropped(e.Message);
        }
        catch (Exception e)
        {
            // Whatever it is, the next line is tried. Without the message: it may quote what was said.
            telemetry.Dropped(e.GetType().Name);
        }
        finally
        {
            entry.Release();
        }
    }
}
