namespace OpenAIProxy.Usage.Answers;

/// <summary>Tools of a response whose charge depends on what is said of them.</summary>
internal enum ToolType : byte
{
    Other,

    /// <summary><c>image_generation</c>: billed by the tokens of a model of its own.</summary>
    ImageGeneration,

    /// <summary><c>web_search</c>, also with a date.</summary>
    WebSearch,

    /// <summary><c>web_search_preview</c>, also with a date: has a price of its own.</summary>
    WebSearchPreview,

    /// <summary><c>code_interpreter</c>: runs in a container.</summary>
    CodeInterpreter,

    /// <summary><c>shell</c>: runs in a container, or with the caller.</summary>
    Shell,
}
