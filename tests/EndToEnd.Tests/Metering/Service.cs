using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A service of the app as a process that can be killed and started again, at the same address and with the same folders.</summary>
internal sealed class Service : IAsyncDisposable
{
    private const int MostTries = 5;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly string _project;
    private readonly Dictionary<string, string?> _environment;
    private readonly List<RunningCommand> _lives = [];
    private readonly HttpClient _client;

    /// <summary>A service that does not run yet.</summary>
    /// <param name="project">The project's name, such as <c>Gateway</c>.</param>
    /// <param name="settings">Its settings, by their environment names.</param>
    public Service(string project, params IEnumerable<(string Name, string Value)> settings)
    {
        _project = project;
        _environment = settings.ToDictionary(s => s.Name, s => (string?)s.Value);
        Address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        _client = new HttpClient { BaseAddress = Address, Timeout = HangGuard.Limit };
    }

    /// <summary>Where it listens when it runs.</summary>
    public Uri Address { get; }

    /// <summary>All that it has written in all its lives.</summary>
    public string Text => string.Concat(_lives.Select(life => life.Text));

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        // While it did not run, somebody else may have been given its port for a moment.
        for (var left = MostTries; !await TryStartAsync(); left--)
        {
            Assert.True(left > 1, $"{_project} did not start. It said:{Environment.NewLine}{_lives[^1].Text}");
        }
    }

    /// <summary>Bytes of memory that the process takes.</summary>
    public long Memory()
    {
        using var process = System.Diagnostics.Process.GetProcessById(_lives[^1].Id);
        return process.WorkingSet64;
    }

    /// <summary>Ends it as the kernel does when memory is short: it can do nothing more.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_lives[^1].Id, Signals.Kill);
        await _lives[^1].Exited.Guarded();
    }

    /// <summary>Stops all that it does, while its connections stay: what it is told now, it never hears if it is killed next.</summary>
    public void Freeze() => Signals.Send(_lives[^1].Id, Signals.Stop);

    /// <summary>Ends it as a service manager does.</summary>
    public Task StopAsync()
    {
        TellToStop();
        return EndedAsync();
    }

    /// <summary>Tells it to end, and doesn't wait for that.</summary>
    public void TellToStop() => Signals.Send(_lives[^1].Id, Signals.Terminate);

    /// <summary>Waits for its end.</summary>
    public Task EndedAsync() => _lives[^1].Exited.Guarded();

    /// <summary>Waits for words in its log.</summary>
    public async Task SaysAsync(string words)
    {
        var life = _lives[^1];
        Assert.True(
            await life.StandardOutput.WaitAsync(text => text.Contains(words, StringComparison.Ordinal), life.Exited).Guarded(), life.Text);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var life in _lives)
        {
            await life.DisposeAsync();
        }
    }

    private async Task<bool> TryStartAsync()
    {
        var life = RunningCommand.Start("dotnet", [Path.Combine(Tree.OutputOf(_project), $"{_project}.dll"), "--urls", Address.ToString()], _environment);
        _lives.Add(life);
        using var limit = new CancellationTokenSource(StartLimit);
        while (!life.Exited.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                using var health = await _client.GetAsync("/health/live", limit.Token);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, limit.Token);
            }
        }

        return false;
    }
}
