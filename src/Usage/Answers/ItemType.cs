namespace OpenAIProxy.Usage.Answers;

/// <summary>Items of a response that are billed apart.</summary>
internal enum ItemType : byte
{
    Other,

    /// <summary><c>web_search_call</c>.</summary>
    WebSearch,

    /// <summary><c>file_search_call</c>.</summary>
    FileSearch,

    /// <summary><c>code_interpreter_call</c>.</summary>
    CodeInterpreter,

    /// <summary><c>image_generation_call</c>.</summary>
    ImageGeneration,

    /// <summary><c>shell_call</c>: free where it ran with the caller.</summary>
    Shell,
}
