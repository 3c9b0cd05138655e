using System.Diagnostics;

namespace OpenAIProxy.AppHost.Local;

/// <summary>One process of the app. What it says is shown line by line with its name, and the last lines are kept for its epitaph.</summary>
internal sealed class Child(string name, ProcessStartInfo start, Action<string, TextWriter> show) : IDisposable
{
    private const int LinesKept = 20;

    // The exit code of what a signal has killed is this and the signal's number.
    private const int SignalBase = 128;

    private readonly Process _process = new() { StartInfo = start };
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has been started, or could not be.</summary>
    public Task Started => Task.WhenAny(_started.Task);

    /// <summary>Completes when it has ended and all its output has been shown.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// True if Ctrl-C has ended it: until it has a session of its own, it gets the AppHost's, and its end may be known before the AppHost has
    /// heard of the Ctrl-C itself.
    /// </summary>
    public bool WasInterrupted => _process.ExitCode == SignalBase + Native.Interrupt;

    /// <summary>How it ended and its last lines, for people.</summary>
    public string Epitaph
    {
        get
        {
            var how = _process.ExitCode > SignalBase ? $"was killed by signal {_process.ExitCode - SignalBase}" : $"ended with exit code {_process.ExitCode}";
            return $"{name} {how}. {(_lastLines.Count == 0 ? "It said nothing." : $"Its last lines:\n  {string.Join("\n  ", _lastLines)}")}";
        }
    }

    /// <summary>Starts it, and gives it <paramref name="input"/> to read.</summary>
    public async Task StartAsync(string input = "")
    {
        // A thread that lives as long as the child: to the kernel, a process's parent is the thread that started it.
        new Thread(Run) { IsBackground = true, Name = name }.Start();
        await _started.Task;
        try
        {
            await _process.StandardInput.WriteAsync(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; how it ended says more.
        }
    }

    public void Signal(int signal)
    {
        if (_started.Task.IsCompletedSuccessfully && !Ended.IsCompleted)
        {
            _ = Native.SendSignal(_process.Id, signal);
        }
    }

    public void Dispose() => _process.Dispose();

    private void Run()
    {
        try
        {
            _process.OutputDataReceived += (_, e) => Show(e.Data, Console.Out);
            _process.ErrorDataReceived += (_, e) => Show(e.Data, Console.Error);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
        catch (Exception e)
        {
            _ended.SetResult();
            _started.SetException(e);
            return;
        }

        _started.SetResult();
        _process.WaitForExit();
        _ended.SetResult();
    }

    private void Show(string? line, TextWriter writer)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            _ = _lastLines.Count > LinesKept && _lastLines.TryDequeue(out _);
            show(line, writer);
        }
    }
}
