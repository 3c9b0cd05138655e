using System.Diagnostics;
using System.Globalization;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>The billing service as a process of its own, whose memory is nobody else's.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            // Much work on a machine that may be busy with much else.
            Timeout = 5 * HangGuard.Limit,
        };
    }

    public HttpClient Client { get; }

    public static Task<ServiceProcess> StartAsync(params string[] args) => StartAsync([], args);

    /// <summary>Starts it with other variables than the tests have.</summary>
    public static async Task<ServiceProcess> StartAsync(IReadOnlyList<(string Name, string Value)> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BillingService.dll"), "--urls=http://127.0.0.1:0", .. args])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().Guarded() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Nobody else reads what it says; a full pipe would stop it.
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServiceProcess(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException("The service did not start.");
    }

    /// <summary>By how many MB its resident memory grew at most during <paramref name="work"/>.</summary>
    public async Task<double> GrowthAsync(Func<Task> work)
    {
        // proc(5): 5 resets the peak to what is resident now.
        await File.WriteAllTextAsync($"/proc/{_process.Id}/clear_refs", "5");
        var before = Read("VmRSS:");
        await work();
        return Math.Max(0, Read("VmHWM:") - before) / 1024d;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync().Guarded();
        _process.Dispose();
    }

    // VmRSS:	   47440 kB
    private long Read(string name) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).Trim().TrimEnd("kB").Trim(),
        NumberStyles.None, CultureInfo.InvariantCulture);
}
