using Microsoft.Playwright;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.BrowserKit;

/// <summary>One headless Chromium for all tests, started by the first that needs it. It is the system's; none is ever downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // Nothing but what the pages themselves cause goes over the network.
    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    /// <summary>A visitor with an empty browser.</summary>
    public async Task<IBrowserContext> VisitAsync(BrowserNewContextOptions? options = null)
    {
        var (_, browser) = await _started.Value;
        var context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions { Locale = "en-US" });
        context.SetDefaultTimeout((float)HangGuard.Limit.TotalMilliseconds);
        return context;
    }

    /// <summary>Ends it, if it was started.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            var (driver, browser) = await _started.Value;
            await browser.CloseAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Args = Arguments,
            // Chromium's own sandbox refuses to start as root, which CI often is.
            ChromiumSandbox = Environment.UserName != "root",
            Timeout = (float)HangGuard.Limit.TotalMilliseconds,
        });
        return (driver, browser);
    }

    private static string Find()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("These tests need Chromium on the PATH: apt-get install chromium");
}
