using System.Runtime.Versioning;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Tests.Reports;

namespace OpenAIProxy.BillingService.Tests.Commands;

/// <summary><c>prices update FILE|URL</c>.</summary>
public sealed class PricesUpdateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-update-");

    private string PriceFile => Path.Combine(_folder.FullName, "prices.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Update_WhileAServiceRuns_PricesItsNextAnswer()
    {
        Write("prices.json", "1");
        await using var rig = await BillingRig.StartAsync(("Pricing:File", PriceFile));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, model: "own-model"));
        Assert.Equal("1", await CostAsync(rig));

        var (code, output, error) = Run("prices", "update", Write("new.json", "2.5"), $"--Pricing:File={PriceFile}");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{PriceFile} has prices of 1 models now", output, StringComparison.Ordinal);
        Assert.Equal("2.5", await CostAsync(rig));
    }

    [Fact]
    public async Task Update_ThatIsBad_ChangesNothing()
    {
        Write("prices.json", "1");
        var before = await File.ReadAllTextAsync(PriceFile);
        var bad = Path.Combine(_folder.FullName, "bad.json");
        await File.WriteAllTextAsync(bad, """{"prices":[{"model":"own-model","tokens":{"default":{"input":-1}}}]}""");

        var (code, output, error) = Run("prices", "update", bad, $"--Pricing:File={PriceFile}");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("prices[0].tokens.default.input", error, StringComparison.Ordinal);
        Assert.Contains($"{PriceFile} is left as it was", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(PriceFile));
        Assert.Equal(["bad.json", "prices.json"], _folder.GetFiles().Select(f => f.Name).Order());
    }

    [Fact]
    public void Update_OfAFileThatIsNotThereYet_MakesIt()
    {
        var (code, _, _) = Run("prices", "update", Write("new.json", "3"), $"--Pricing:File={PriceFile}");

        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.FullName, "new.json")), File.ReadAllBytes(PriceFile));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Update_OfALink_ReplacesWhatItLeadsTo()
    {
        var real = Write("real.json", "1");
        File.CreateSymbolicLink(PriceFile, "real.json");
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var (code, _, _) = Run("prices", "update", Write("new.json", "3"), $"--Pricing:File={PriceFile}");

        Assert.Equal(0, code);
        Assert.Equal("real.json", new FileInfo(PriceFile).LinkTarget);
        Assert.Contains("\"input\": 3", File.ReadAllText(real), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(real));
        Assert.Contains("\"input\": 1", File.ReadAllText($"{real}.old"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/prices.json", 0, "has prices of 1 models now")]
    [InlineData("/moved", 0, "has prices of 1 models now")]
    [InlineData("/away", 1, "http://prices.invalid/prices.json is not read: prices from another machine must come by https")]
    [InlineData("/around", 1, "answered with status 302")]
    [InlineData("/missing?token=secret", 1, "answered with status 404")]
    [InlineData("/page", 1, "is not JSON")]
    [InlineData("/endless", 1, "no price file has")]
    public async Task Update_FromAnAddress_TakesWhatItAnswers(string path, int expected, string words)
    {
        await using var server = await ServeAsync();

        var (code, output, error) = Run("prices", "update", new Uri(server.Address, path).ToString(), $"--Pricing:File={PriceFile}");

        Assert.Equal(expected, code);
        Assert.Contains(words, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output + error, StringComparison.Ordinal);
        Assert.Equal(expected == 0, File.Exists(PriceFile));
    }

    [Fact]
    public async Task Download_OverSlowRedirects_EndsInTime()
    {
        var hops = 0;
        await using var server = await AppUpstream.StartAsync(async context =>
        {
            await Task.Delay(TimeSpan.FromSeconds(0.4), context.RequestAborted);
            context.Response.Redirect($"/{++hops}");
        });

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => PriceDownload.ReadAsync(server.Address.ToString(), null, TimeSpan.FromSeconds(2), CancellationToken.None));

        Assert.Equal($"{server.Address} did not answer within 2 s.", error.Message);
        Assert.InRange(hops, 1, 6);
    }

    [Fact]
    public void Update_FromAnotherMachineWithoutTls_IsRefused()
    {
        var (code, _, error) = Run("prices", "update", "http://user:password@prices.invalid/prices.json", $"--Pricing:File={PriceFile}");

        Assert.Equal(1, code);
        Assert.Contains("must come by https", error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_FromAnAddressThatDoesNotAnswer_SaysSo()
    {
        var (code, _, error) = Run("prices", "update", "http://127.0.0.1:1/prices.json", $"--Pricing:File={PriceFile}");

        Assert.Equal(1, code);
        Assert.Contains("http://127.0.0.1:1/prices.json can't be read: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "needs a FILE|URL", "prices", "update")]
    [InlineData(64, "needs a FILE|URL", "prices", "update", "--Pricing:File=x.json")]
    [InlineData(64, "Pricing:File names no file", "prices", "update", "new.json")]
    [InlineData(1, "can't be read: ", "prices", "update", "/nowhere/new.json", "--Pricing:File=/nowhere/prices.json")]
    [InlineData(78, "'--Prices:File' is not an option", "prices", "update", "new.json", "--Prices:File=x.json")]
    [InlineData(78, "Pricing:Fil", "prices", "update", "new.json", "--Pricing:Fil=x.json")]
    public void Update_WithWrongArguments_SaysWhy(int expected, string words, params string[] args)
    {
        var (code, output, error) = Run(args);

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_IntoAFolderThatIsNotThere_SaysSo()
    {
        var (code, _, error) = Run("prices", "update", Write("new.json", "1"), $"--Pricing:File={Path.Combine(_folder.FullName, "none", "prices.json")}");

        Assert.Equal(1, code);
        Assert.Contains("can't be written, and is left as it was", error, StringComparison.Ordinal);
    }

    private static (int? Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (ProcessEnvironment.Build(() => CommandRunner.Run(args, output, error)), output.ToString(), error.ToString());
    }

    private static async Task<string> CostAsync(BillingRig rig)
        => (await rig.Billing.GetAsync("/billing/usage")).Json.GetProperty("total").GetProperty("cost_usd").GetRawText();

    private static Task<AppUpstream> ServeAsync() => AppUpstream.StartAsync(async context =>
    {
        switch (context.Request.Path.Value)
        {
            case "/prices.json":
                await context.Response.WriteAsync(Prices("1"));
                break;
            case "/moved":
                context.Response.Redirect("/prices.json");
                break;
            case "/away":
                context.Response.Redirect("http://user:secret@prices.invalid/prices.json?token=secret");
                break;
            case "/around":
                context.Response.Redirect("/around");
                break;
            case "/page":
                await context.Response.WriteAsync("<!doctype html>");
                break;
            case "/endless":
                var some = new byte[1 << 20];
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(some);
                }

                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    });

    private static string Prices(string dollars)
        => $$"""{ "prices": [ { "model": "own-model", "tokens": { "default": { "input": {{dollars}}, "output": 1 } } } ] }""";

    private string Write(string name, string dollars)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, Prices(dollars));
        return file;
    }
}
