namespace OpenAIProxy.Usage.Models;

/// <summary>How a request names the models that it runs.</summary>
internal enum ModelNeed
{
    /// <summary>It runs none: its body is not looked at.</summary>
    None,

    /// <summary>It may name one.</summary>
    Optional,

    /// <summary>It must name one: without it the server would choose.</summary>
    Required,

    /// <summary>It runs one that it can't name: that of a file, of an object made before, or of a session past the gateway.</summary>
    Hidden,
}
