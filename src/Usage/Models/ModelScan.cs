namespace OpenAIProxy.Usage.Models;

/// <summary>
/// Reads a body while it passes, cut anywhere, and judges each model that it names. What is not read in one way by all servers is a fault: a
/// body must not name one model here and another there. Keeps nothing of the body.
/// </summary>
/// <param name="isAllowed">Judges a name.</param>
internal abstract class ModelScan(Func<string, bool> isAllowed)
{
    /// <summary>The first fault that was found.</summary>
    public ModelFault Fault { get; private set; }

    /// <summary>True if a model must be named.</summary>
    public abstract bool IsRequired { get; }

    /// <summary>True once the model to run was named.</summary>
    protected bool IsNamed { get; set; }

    /// <summary>Looks at the next bytes. Once this has returned without a fault they may be passed on, also if they end what the server waits for.</summary>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        if (Fault == ModelFault.None)
        {
            Read(bytes);
        }
    }

    /// <summary>The body has ended.</summary>
    public abstract void Finish();

    protected abstract void Read(ReadOnlySpan<byte> bytes);

    /// <summary>A model is named.</summary>
    protected void Judge(string model)
    {
        if (!isAllowed(model))
        {
            Report(ModelFault.NotAllowed);
        }
    }

    /// <summary>All that names models was read.</summary>
    protected void End()
    {
        if (IsRequired && !IsNamed)
        {
            Report(ModelFault.NotNamed);
        }
    }

    /// <summary>Makes ready for another document.</summary>
    protected void Clear()
    {
        Fault = ModelFault.None;
        IsNamed = false;
    }

    protected void Report(ModelFault fault) => Fault = Fault == ModelFault.None ? fault : Fault;
}
