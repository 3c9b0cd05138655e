using Microsoft.Extensions.Logging;

namespace OpenAIProxy.ServiceDefaults.Logs;

/// <summary>Makes loggers whose messages callers can neither forge nor flood: those of ASP.NET Core, too, which quote paths and headers.</summary>
internal sealed class CleanLoggerFactory(LoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new CleanLogger(inner.CreateLogger(categoryName), categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
