using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;
using OpenAIProxy.Simulator.Streaming;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Chat completions and the completions before them.</summary>
internal static class CompletionEndpoints
{
    public const string ChatPath = "/v1/chat/completions";

    public static void MapCompletions(this IEndpointRouteBuilder app)
    {
        app.MapPost(ChatPath, context => ChatAsync(context, context.Behavior()));
        app.MapPost("/v1/completions", context => AnswerAsync(context, context.Behavior(), CompletionKind.Text));
    }

    /// <summary>Answers a chat request; needs nothing of the routing.</summary>
    public static Task ChatAsync(HttpContext context, Behavior behavior) => AnswerAsync(context, behavior, CompletionKind.Chat);

    private static async Task AnswerAsync(HttpContext context, Behavior behavior, CompletionKind kind)
    {
        try
        {
            var call = await CallReader.ReadAsync(context);
            if (call.HasStreamOptions && !call.Stream)
            {
                throw new ApiException(
                    StatusCodes.Status400BadRequest,
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                    param: "stream_options");
            }

            var templates = CompletionTemplates.For(kind, call.Model, behavior);
            behavior.Tally?.Begin(context, kind == CompletionKind.Chat ? "chat" : "completions", behavior.Answered(call.Model), behavior.Tokens);
            await (call.Stream
                ? EventStream.WriteAsync(context, behavior, new CompletionScript(templates, behavior, call.IncludeUsage))
                : WholeAsync(context, behavior, templates.Whole(behavior.Tokens)));
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await Reply.ErrorAsync(context, behavior, e);
        }
    }

    private static async Task WholeAsync(HttpContext context, Behavior behavior, Template template)
    {
        if (!behavior.IsPlain)
        {
            await Reply.JsonAsync(context, behavior, template.ToArray(Ids.Next(), Ids.Now()));
            return;
        }

        var response = context.Response;
        OpenAIHeaders.Add(response, behavior);
        response.ContentType = "application/json";
        response.ContentLength = template.Length;
        template.Write(response.BodyWriter, Ids.Next(), Ids.Now());
    }
}
