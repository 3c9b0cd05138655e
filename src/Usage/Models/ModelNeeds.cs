using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Models;

/// <summary>How the requests of each endpoint name the models that they run.</summary>
internal static class ModelNeeds
{
    /// <summary>The need of a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="row">The row of its endpoint.</param>
    public static ModelNeed Of(string method, EndpointRow row)
    {
        // What reads or deletes runs nothing.
        if (method is "GET" or "HEAD" or "DELETE" or "OPTIONS")
        {
            return ModelNeed.None;
        }

        return row.Kind switch
        {
            MeterKind.Free => OfFree(row.Path),
            MeterKind.Unmetered => OfUnmetered(row),
            MeterKind.Container => ModelNeed.None,
            _ => OfMetered(row.Path),
        };
    }

    /// <summary>True if models are named anywhere in the body.</summary>
    public static bool AreAnywhere(EndpointRow row) => row.Name is "fine_tuning" or "evals";

    private static ModelNeed OfFree(string path) => path switch
    {
        "/moderations" or "/assistants" or "/assistants/{id}" or "/evals" or "/evals/{id}" or "/responses/input_tokens"
            or "/fine_tuning/alpha/graders/validate" => ModelNeed.Optional,
        _ => ModelNeed.None,
    };

    // What nobody knows must name one.
    private static ModelNeed OfUnmetered(EndpointRow row) => row.Name switch
    {
        "vector_stores" or "containers" or "voices" or "provenance" => ModelNeed.None,
        "videos" when row.Path == "/videos/characters" => ModelNeed.None,
        // What is made there is used past the gateway, or was told its models before.
        "realtime" or "live" or "chatkit" or "evals" or "videos" => ModelNeed.Hidden,
        _ => ModelNeed.Required,
    };

    private static ModelNeed OfMetered(string path) => path switch
    {
        // The file names the models, or the video has its own, or the run.
        "/batches" or "/videos/edits" or "/videos/extensions" or "/videos/{id}/remix"
            or "/threads/{id}/runs/{run}/submit_tool_outputs" => ModelNeed.Hidden,
        "/responses/{id}/cancel" or "/batches/{id}/cancel" or "/threads/{id}/runs/{run}" or "/threads/{id}/runs/{run}/cancel" => ModelNeed.None,
        _ => ModelNeed.Required,
    };
}
