namespace OpenAIProxy.Gateway.Access;

/// <summary>What is made of the rules of access, once for each of them. Threads that ask at the same time may make it twice.</summary>
/// <param name="rules">The rules.</param>
/// <param name="make">Makes it.</param>
internal sealed class OfAccessRules<T>(AccessRules rules, Func<AccessSnapshot, T> make)
{
    private volatile Made? _made;

    /// <summary>That of the rules in force.</summary>
    public T Value
    {
        get
        {
            var access = rules.Current;
            var made = _made;
            if (made?.Of != access)
            {
                _made = made = new Made(access, make(access));
            }

            return made.Value;
        }
    }

    private sealed record Made(AccessSnapshot Of, T Value);
}
