using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Platform;
using Laurel.App.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Laurel.App.Tests.Platform.Components;

/// <summary>A component as the document that the server would send.</summary>
internal static class Rendered
{
    public static async Task<IDocument> Html<T>(object? parameters = null, string language = "en") where T : IComponent
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language == "en" ? "en-GB" : language);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddLogging().AddPages().AddScoped<CurrentPerson>().AddSingleton<TimeProvider>(FakeTime.Thursday());
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, NullLoggerFactory.Instance);
        var given = parameters?.GetType().GetProperties()
            .ToDictionary(property => property.Name, property => property.GetValue(parameters), StringComparer.Ordinal) ?? [];
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(given))).ToHtmlString());
        return new HtmlParser().ParseDocument(html);
    }
}
