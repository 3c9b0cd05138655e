using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Deploy;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.AspireCli;

/// <summary>The app under the Aspire CLI, as somebody types it who has it installed.</summary>
public sealed class AspireCliTests(DemoApp demo, AspireTool aspire)
{
    [Fact]
    public async Task Run_OfTheDemo_AnswersAndEndsWithAllItStarted()
    {
        await aspire.RestoredAsync();
        var port = FreePort.Take();
        await using var app = App.StartBy(["dotnet", "aspire", "run", .. AspireTool.Options, "--", "--demo", "--port", $"{port}"], aspire.Environment);
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = HangGuard.Limit };
        await app.AnswersAsync(client, "/v1/models");

        using var chat = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "gpt-4o-mini", messages = Array.Empty<object>() });
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);

        app.PressCtrlC();
        await app.GoneAsync();
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("do", "publish")]
    [InlineData("do", "publish-manifest")]
    public async Task Publish_OfTheApp_WritesTheManifest(params string[] command)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, $"published-{Guid.NewGuid():N}");
        try
        {
            var (exitCode, text) = await aspire.RunAsync([.. command, .. AspireTool.Options, "--output-path", folder]);

            Assert.True(exitCode == 0, text);
            var file = Path.Combine(folder, "aspire-manifest.json");
            Assert.Equal(["billing", "gateway"], new Manifest(file, await File.ReadAllTextAsync(file)).NamesOf("project"));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public async Task OtelSpans_OfTheDashboard_HaveABillingQueryInOneTrace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/billing/subscription");
        request.Headers.Add("Authorization", $"Bearer sess-{Guid.NewGuid():N}");
        using var answer = await demo.Client.SendAsync(request);

        // Where the dashboard knows several services of a name, it shows them with a suffix: billing-mavymdtf.
        await HangGuard.Until(
            ReadAsync,
            spans => spans.Where(span => span.Name == "GET /dashboard/billing").GroupBy(span => span.Trace).Any(
                trace => Array.TrueForAll(["gateway", "billing"], name => trace.Any(span => span.Resource.StartsWith(name, StringComparison.Ordinal)))),
            "one trace of the query has spans of both services");
    }

    private async Task<IReadOnlyList<(string Trace, string Resource, string Name)>> ReadAsync()
    {
        var (exitCode, text) = await aspire.RunAsync(
            "otel", "spans", "--dashboard-url", demo.Banner.Dashboard, "--format", "Json", "--non-interactive", "--nologo");
        Assert.True(exitCode == 0, text);
        return [.. JsonElement.Parse(text[text.IndexOf('[', StringComparison.Ordinal)..]).EnumerateArray().Select(span => (
            span.GetProperty("traceId").GetString()!, span.GetProperty("source").GetString()!, span.GetProperty("name").GetString()!))];
    }
}
