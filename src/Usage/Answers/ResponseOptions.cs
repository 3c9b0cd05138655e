using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>What a response is charged by besides its usage, as its request says it, or as the response repeats it. Nothing is null.</summary>
internal struct ResponseOptions
{
    private ToolType _tool;
    private string? _toolModel;
    private string? _toolMemory;
    private bool _hasSearch;
    private bool _hasPreview;
    private string? _codeInterpreterMemory;
    private string? _shellMemory;

    /// <summary>The model of the image tool.</summary>
    public string? ImageModel { get; private set; }

    /// <summary>
    /// The unit of searches in the web, by the tool that makes them; a call of it doesn't say which one it was, so where both are there it is
    /// the newer one.
    /// </summary>
    public readonly string? SearchUnit => _hasSearch ? UsageUnit.WebSearch : _hasPreview ? UsageUnit.WebSearchPreview : null;

    /// <summary>True if there are two tools that search in the web, with a price each.</summary>
    public readonly bool IsSearchUnsure => _hasSearch && _hasPreview;

    /// <summary>The unit of containers that code runs in; of those whose size is not named, that of the default size.</summary>
    public readonly string CodeInterpreterUnit => UsageUnit.CodeInterpreter + _codeInterpreterMemory;

    /// <summary>The unit of containers that a shell runs in; of those whose size is not named, that of the default size.</summary>
    public readonly string ShellUnit => UsageUnit.Shell + _shellMemory;

    /// <summary>The completion window, mostly one of <see cref="CompletionWindow.Tiers"/>.</summary>
    public string? Window { get; private set; }

    /// <summary>True if what is written to the cache lives for 12 hours, false for 30 minutes.</summary>
    public bool? CachesFor12h { get; private set; }

    /// <summary>True if it lives for a time that has no price.</summary>
    public bool IsCacheLifetimeUnknown { get; private set; }

    /// <summary>True if nothing is said.</summary>
    public readonly bool IsEmpty => ImageModel is null && SearchUnit is null && Window is null && SaysNoLifetime
        && _codeInterpreterMemory is null && _shellMemory is null;

    private readonly bool SaysNoLifetime => CachesFor12h is null && !IsCacheLifetimeUnknown;

    /// <summary>An object or array begins.</summary>
    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Tools:
                ImageModel = null;
                _hasSearch = false;
                _hasPreview = false;
                _codeInterpreterMemory = null;
                _shellMemory = null;
                break;
            case JsonField.Tool:
                _tool = ToolType.Other;
                _toolModel = null;
                _toolMemory = null;
                break;
        }
    }

    /// <summary>An object or array has ended.</summary>
    public void OnClose(JsonField field)
    {
        if (field != JsonField.Tool)
        {
            return;
        }

        switch (_tool)
        {
            case ToolType.ImageGeneration:
                ImageModel ??= _toolModel;
                break;
            case ToolType.WebSearch:
                _hasSearch = true;
                break;
            case ToolType.WebSearchPreview:
                _hasPreview = true;
                break;
            case ToolType.CodeInterpreter:
                _codeInterpreterMemory ??= _toolMemory;
                break;
            case ToolType.Shell:
                _shellMemory ??= _toolMemory;
                break;
        }
    }

    /// <summary>A member.</summary>
    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.ToolType:
                _tool = OpenAINames.Tool(value);
                break;
            case JsonField.ToolModel when isString && !value.IsEmpty:
                _toolModel = Encoding.UTF8.GetString(value);
                break;
            case JsonField.ToolMemory:
                _toolMemory = OpenAINames.Memory(value, isString);
                break;
            case JsonField.CompletionWindow when isString:
                Window = OpenAINames.Window(value);
                break;
            case JsonField.CacheTtl:
                CachesFor12h = OpenAINames.IsFor12h(value);
                IsCacheLifetimeUnknown = isString && !value.IsEmpty && CachesFor12h is null;
                break;
        }
    }

    /// <summary>These, and what they leave open as <paramref name="other"/> says it.</summary>
    public readonly ResponseOptions Or(ResponseOptions other) => new()
    {
        _hasSearch = SearchUnit is null ? other._hasSearch : _hasSearch,
        _hasPreview = SearchUnit is null ? other._hasPreview : _hasPreview,
        _codeInterpreterMemory = _codeInterpreterMemory ?? other._codeInterpreterMemory,
        _shellMemory = _shellMemory ?? other._shellMemory,
        ImageModel = ImageModel ?? other.ImageModel,
        Window = Window ?? other.Window,
        CachesFor12h = SaysNoLifetime ? other.CachesFor12h : CachesFor12h,
        IsCacheLifetimeUnknown = SaysNoLifetime ? other.IsCacheLifetimeUnknown : IsCacheLifetimeUnknown,
    };
}
