namespace OpenAIProxy.AppHost.Caching;

/// <summary>
/// The <c>redis-server</c> of this machine as a resource: on loopback, with a password made at each start. Its configuration goes in by
/// standard input and its password by the environment: a command line can be read by all users of the machine.
/// </summary>
internal sealed class RedisProcess : ExecutableResource, IResourceWithConnectionString
{
    public const string EndpointName = "tcp";
    public const string PortVariable = "REDIS_PORT";
    public const string PasswordVariable = "REDIS_PASSWORD";

    private readonly ParameterResource _password;
    private readonly EndpointReference _endpoint;

    /// <summary>Describes a Redis that keeps its data in <paramref name="folder"/>.</summary>
    public RedisProcess(string name, string folder, ParameterResource password)
        : base(name, "/bin/sh", folder)
    {
        _password = password;
        _endpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>True if a <c>redis-server</c> is on the PATH. Not on Windows, which has none, and no <c>/bin/sh</c> either.</summary>
    public static bool IsInstalled => !OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server"))) == true;

    /// <summary>What <c>/bin/sh</c> is to do. Its working directory is the data folder, so no path stands here.</summary>
    public static string Script { get; } = $"""
        umask 077
        exec redis-server - <<END
        bind 127.0.0.1
        port ${PortVariable}
        requirepass ${PasswordVariable}
        appendonly yes
        save ""
        END
        """;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression
        => ReferenceExpression.Create($"{_endpoint.Property(EndpointProperty.HostAndPort)},password={_password}");
}
