namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>The limits in force. They are replaced as a whole while requests come in; what was counted stays.</summary>
/// <param name="settings">Of the start.</param>
/// <param name="addressKey">What addresses are hashed with.</param>
internal sealed class LimitTable(LimitSettings settings, byte[] addressKey)
{
    private volatile LimitRules _current = new(settings, addressKey);

    /// <summary>For a request that begins now.</summary>
    public LimitRules Current => _current;

    /// <summary>Puts other limits in force.</summary>
    public void Replace(LimitSettings next) => _current = new LimitRules(next, addressKey);
}
