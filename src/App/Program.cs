using System.CommandLine;
using Laurel.App.Features.Serving;
using Laurel.App.Platform.Hosting;

var laurel = new RootCommand("Laurel: recognition for contact centres. The web application is made in Platform/Hosting/LaurelHost.cs.")
{
    ServeVerb.Command(),
};

var arguments = laurel.Parse(args);
var exit = await arguments.InvokeAsync();
return arguments.Errors.Count > 0 ? Verb.BadUsage : exit;
