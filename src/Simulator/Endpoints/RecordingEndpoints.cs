using System.Globalization;
using OpenAIProxy.Simulator.Configuration;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Recording;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary><c>/sim/requests</c>: what reached the simulator, for tests in other processes.</summary>
internal static class RecordingEndpoints
{
    private const int LongestWaitMs = 600_000;

    public static void MapRecordedRequests(this WebApplication app)
    {
        var recorder = app.Services.GetRequiredService<RequestRecorder>();
        app.MapGet("/sim/requests/{id}", context => GetAsync(context, recorder));
        app.MapDelete("/sim/requests/{id}", context =>
        {
            recorder.Forget(Id(context));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        if (app.Services.GetRequiredService<SimulatorOptions>().RecordAll)
        {
            app.MapGet("/sim/requests", context => WriteAsync(context, recorder.All()));
            app.MapDelete("/sim/requests", context =>
            {
                recorder.ForgetAll();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
        }
    }

    private static async Task GetAsync(HttpContext context, RequestRecorder recorder)
    {
        var wait = context.Request.Query["wait"].ToString();
        Func<RecordedRequest, bool>? wanted = wait switch
        {
            "aborted" => r => r.Aborted,
            "completed" => r => r.Completed,
            _ => null,
        };
        if (wait.Length > 0 && wanted is null)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "wait must be 'aborted' or 'completed'.");
        }

        if (wanted is not null)
        {
            var timeout = int.TryParse(context.Request.Query["timeout-ms"], CultureInfo.InvariantCulture, out var ms) ? ms : 10_000;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(Math.Clamp(timeout, 0, LongestWaitMs));
            try
            {
                await recorder.WaitAsync(Id(context), r => wanted(r) && recorder.Find(Id(context)) is [.., var last] && ReferenceEquals(last, r), limit.Token);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
            }
        }

        await WriteAsync(context, recorder.Find(Id(context)));
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task WriteAsync(HttpContext context, IReadOnlyList<RecordedRequest> requests)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Json.Bytes(Json.List(requests.Select(RecordedRequestJson.Of)))).AsTask();
    }
}
