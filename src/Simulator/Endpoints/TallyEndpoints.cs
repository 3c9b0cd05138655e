using OpenAIProxy.Simulator.Recording;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary><c>/sim/tally</c>, with <c>Simulator:Tally=true</c>: what was answered, by tag, path family and model.</summary>
internal static class TallyEndpoints
{
    public static void MapTally(this WebApplication app)
    {
        if (app.Services.GetService<Tally>() is not { } tally)
        {
            return;
        }

        app.MapGet("/sim/tally", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(Json.Bytes(Json.List(tally.Rows().Select(TallyJson.Of)))).AsTask();
        });
        app.MapDelete("/sim/tally", context =>
        {
            tally.Reset();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }
}
