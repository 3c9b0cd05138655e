namespace OpenAIProxy.Simulator.Shapes;

/// <summary>What matters of a JSON request body.</summary>
internal sealed record CallRequest
{
    public string Model { get; set; } = "";

    public bool Stream { get; set; }

    public bool HasStreamOptions { get; set; }

    public bool IncludeUsage { get; set; }

    public bool Background { get; set; }

    /// <summary>Number of texts in <c>input</c>.</summary>
    public int Inputs { get; set; } = 1;

    /// <summary>Number of answers asked for.</summary>
    public int N { get; set; } = 1;

    public int? Dimensions { get; set; }

    public string? EncodingFormat { get; set; }

    public string? ResponseFormat { get; set; }

    public string? StreamFormat { get; set; }

    public string? StreamId { get; set; }
}
