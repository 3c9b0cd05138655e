namespace OpenAIProxy.Usage.Models;

/// <summary>Why a request or message may not be passed on for a caller who may use some models only.</summary>
internal enum ModelFault
{
    /// <summary>It may be passed on, as far as is known.</summary>
    None,

    /// <summary>It names a model that the caller may not use.</summary>
    NotAllowed,

    /// <summary>It is whole, and names no model where one must be named.</summary>
    NotNamed,

    /// <summary>It runs a model that neither the request nor the message names.</summary>
    Hidden,

    /// <summary>It can't be read, or servers may read it in several ways.</summary>
    Unreadable,
}
